// The unmodified OpenAI client for Node against a running gateway, which needs two models, sim-1 and slow, and
//   AIORLEANS_URL          where it listens, without /v1
//   AIORLEANS_KEY          a key that may use both models and is hardly limited
//   AIORLEANS_LIMITED_KEY  a key of one request at once, and one more each second
import assert from 'node:assert/strict';
import test from 'node:test';
import OpenAI from 'openai';

const baseURL = new URL('/v1', required('AIORLEANS_URL')).href;
const client = clientOf(required('AIORLEANS_KEY'));
const hello = { model: 'sim-1', messages: [{ role: 'user', content: 'Hello' }] };

function required(name) {
  const value = process.env[name];
  assert.ok(value, `${name} is not set`);
  return value;
}

function clientOf(apiKey, options = {}) {
  return new OpenAI({ baseURL, apiKey, maxRetries: 0, ...options });
}

// Counts the HTTP calls behind one call of the client.
function counting() {
  const statuses = [];
  const counted = async (url, init) => {
    const response = await fetch(url, init);
    statuses.push(response.status);
    return response;
  };
  return { statuses, fetch: counted };
}

test('chat answers, with usage and the request id', async () => {
  const completion = await client.chat.completions.create(hello);
  assert.equal(completion.object, 'chat.completion');
  assert.equal(completion.choices[0].message.role, 'assistant');
  assert.ok(completion.choices[0].message.content.length > 0);
  assert.ok(completion.usage.completion_tokens > 0);
  assert.equal(completion.usage.total_tokens, completion.usage.prompt_tokens + completion.usage.completion_tokens);
  assert.ok(completion._request_id);
});

test('the cost is in the headers', async () => {
  const { response } = await client.chat.completions.create(hello).withResponse();
  assert.ok(Number(response.headers.get('x-aiorleans-cost-usd')) > 0);
  assert.equal(response.headers.get('x-aiorleans-attempts'), '1');
});

test('a stream brings words, a finish reason and, asked for, usage', async () => {
  const stream = await client.chat.completions.create({ ...hello, stream: true, stream_options: { include_usage: true } });
  let text = '';
  let finish = null;
  let usage = null;
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta?.content ?? '';
    finish = chunk.choices[0]?.finish_reason ?? finish;
    usage = chunk.usage ?? usage;
  }
  assert.ok(text.split(' ').length > 1);
  assert.equal(finish, 'stop');
  assert.equal(usage.completion_tokens, text.split(' ').length);
});

test('a stream without the option brings no usage', async () => {
  for await (const chunk of await client.chat.completions.create({ ...hello, stream: true })) {
    assert.equal(chunk.usage ?? null, null);
  }
});

test('the streaming runner of the client puts the answer together', async () => {
  const runner = client.chat.completions.stream(hello);
  const plain = await client.chat.completions.create(hello);
  assert.equal(await runner.finalContent(), plain.choices[0].message.content);
});

test('models are listed and found', async () => {
  const ids = [];
  for await (const model of client.models.list()) {
    ids.push(model.id);
  }
  assert.ok(ids.includes('sim-1'));
  assert.equal((await client.models.retrieve('sim-1')).object, 'model');
});

test('a wrong key is an AuthenticationError', async () => {
  const error = await rejection(clientOf('sk-wrong').chat.completions.create(hello));
  assert.ok(error instanceof OpenAI.AuthenticationError);
  assert.equal(error.status, 401);
  assert.doesNotMatch(error.message, /sk-wrong/);
});

test('an unknown model is a NotFoundError with its code', async () => {
  const error = await rejection(client.chat.completions.create({ ...hello, model: 'no-such' }));
  assert.ok(error instanceof OpenAI.NotFoundError);
  assert.equal(error.code, 'model_not_found');
  assert.match(error.message, /no-such/);
  assert.ok(error.requestID);
});

test('a malformed request is a BadRequestError that names the parameter', async () => {
  const error = await rejection(client.chat.completions.create({ model: 'sim-1', messages: 'Hello' }));
  assert.ok(error instanceof OpenAI.BadRequestError);
  assert.equal(error.param, 'messages');
});

test('an aborted stream ends quietly and the client goes on', async () => {
  const stream = await client.chat.completions.create({ ...hello, model: 'slow', stream: true });
  let chunks = 0;
  for await (const chunk of stream) {
    assert.ok(chunk.choices);
    chunks++;
    stream.controller.abort();
  }
  assert.equal(chunks, 1);
  assert.ok((await client.chat.completions.create(hello)).id);
});

test('an aborted call is an APIUserAbortError', async () => {
  const abort = new AbortController();
  const call = client.chat.completions.create({ ...hello, model: 'slow' }, { signal: abort.signal });
  abort.abort();
  assert.ok((await rejection(call)) instanceof OpenAI.APIUserAbortError);
});

// Both tests share the limited key's bucket, so they are one after the other.
test('rate limits', async (t) => {
  const key = required('AIORLEANS_LIMITED_KEY');

  await t.test('without retries a RateLimitError says how long to wait', async () => {
    const limited = clientOf(key);
    const calls = await Promise.allSettled([1, 2, 3].map(() => limited.chat.completions.create(hello)));
    const errors = calls.filter((call) => call.status === 'rejected').map((call) => call.reason);
    assert.ok(errors.length > 0);
    for (const error of errors) {
      assert.ok(error instanceof OpenAI.RateLimitError);
      assert.equal(error.code, 'rate_limit_exceeded');
      const waitMs = Number(error.headers.get('retry-after-ms'));
      assert.ok(waitMs > 0 && waitMs <= 1000, `retry-after-ms is ${waitMs}`);
    }
  });

  await t.test('with retries the client waits as told and succeeds', async () => {
    const { statuses, fetch: counted } = counting();
    const patient = clientOf(key, { maxRetries: 5, fetch: counted });
    const answers = await Promise.all([1, 2].map(() => patient.chat.completions.create(hello)));
    assert.ok(answers.every((answer) => answer.choices.length === 1));
    assert.ok(statuses.includes(429), `statuses were ${statuses}`);
    assert.equal(statuses.filter((status) => status === 200).length, 2);
  });
});

async function rejection(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  assert.fail('the call was expected to fail');
}

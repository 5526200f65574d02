// The unmodified Anthropic client for Node in one cell of the matrix; see cell.js.
import assert from 'node:assert/strict';
import test from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { all, bytes, cell, counting, except, isDirect, key, mediaTokens, only, pdf, png, rejection, report, required, tokens, url, weather } from './cell.js';

const model = required('AIORLEANS_MODEL');
const thinker = required('AIORLEANS_THINKER');
const client = clientOf(key);
const speaksAnthropic = ['direct', 'anthropic'];

// Claude, at Anthropic and at Bedrock.
const isClaude = [...speaksAnthropic, 'bedrock'].includes(cell);
const tools = ['get_weather', 'get_time'].map((name) => ({ name, description: `Tells by ${name}`, input_schema: weather }));

function clientOf(apiKey, options = {}) {
  return new Anthropic({ baseURL: url.href, apiKey, maxRetries: 0, ...options });
}

function ask(content, more = {}) {
  return { model, max_tokens: 300, messages: [{ role: 'user', content }], ...more };
}

// The fakes tell the parameters that they got; max_tokens is always among them here.
function said(message) {
  return message.content.filter((block) => block.type === 'text').map((block) => block.text).join('').replace(/ \| Settings: .*$/, '');
}

test('an answer holds what was asked, and its exact usage', async () => {
  const message = await client.messages.create(ask('Hello there, provider'));
  assert.equal(message.type, 'message');
  assert.equal(message.role, 'assistant');
  assert.equal(said(message), 'You said: Hello there, provider');
  assert.equal(message.stop_reason, 'end_turn');
  assert.equal(message.usage.input_tokens, 3);
  assert.equal(message.usage.output_tokens, tokens(message.content[0].text));
  assert.ok(message._request_id);
});

test('instructions and earlier turns arrive', async () => {
  const message = await client.messages.create({
    model,
    max_tokens: 300,
    system: [{ type: 'text', text: 'Be kind.' }],
    messages: [
      { role: 'user', content: 'First' },
      { role: 'assistant', content: [{ type: 'text', text: 'Second' }] },
      { role: 'user', content: [{ type: 'text', text: 'Third' }, { type: 'text', text: 'Fourth' }] },
    ],
  });
  assert.equal(said(message), 'You said: Third + Fourth | Instructions: Be kind. | Earlier: user said First; assistant said Second');
});

test('umlauts, emoji and quotes survive both ways', async () => {
  const text = 'Grüße "an" 😀\n\tdich \\ und <b>\u2028</b>';
  assert.equal(said(await client.messages.create(ask(text))), `You said: ${text}`);
  assert.equal(said(await client.messages.stream(ask(text)).finalMessage()), `You said: ${text}`);
});

// The client says 2026-10-21 by itself, where there is no temperature any more.
const older = { headers: { 'anthropic-version': '2023-06-01' } };

test('parameters arrive', async () => {
  const message = await client.messages.create(ask('Hi', { temperature: 0.25, max_tokens: 50, metadata: { user_id: 'u-1' } }), older);
  assert.match(message.content[0].text, /max_tokens=50/);
  assert.match(message.content[0].text, /temperature=0\.25/);
  if (!['gemini', 'bedrock'].includes(cell)) {
    assert.match(message.content[0].text, /user=u-1/);
  }
});

test("what Anthropic's newer version no longer takes is refused by it", only(speaksAnthropic, 'only Anthropic has versions'), async () => {
  const error = await rejection(client.messages.create(ask('Hi', { temperature: 0.25 })));
  assert.ok(error instanceof Anthropic.BadRequestError);
  assert.match(error.message, /temperature/);
});

test('a bound on the output cuts the answer', async () => {
  const message = await client.messages.create(ask('Count to 50.', { max_tokens: 7 }));
  assert.equal(message.content[0].text, '1 2 3 4 5 6 7');
  assert.equal(message.stop_reason, 'max_tokens');
});

test('a stop sequence ends the answer', async () => {
  const message = await client.messages.create(ask('Count to 50.', { stop_sequences: [' 4'] }));
  assert.equal(message.content[0].text, '1 2 3');
  if (isClaude) {
    assert.equal(message.stop_reason, 'stop_sequence');
    assert.equal(message.stop_sequence, ' 4');
  }
});

test('a stream keeps to the grammar of events and is the same answer in pieces', async () => {
  const events = await all(await client.messages.create(ask('Count to 20.', { stream: true })));
  assert.equal(events[0].type, 'message_start');
  assert.equal(events.at(-1).type, 'message_stop');
  const deltas = events.filter((event) => event.type === 'content_block_delta');
  assert.equal(deltas.map((event) => event.delta.text).join(''), Array.from({ length: 20 }, (_, index) => index + 1).join(' '));
  assert.ok(deltas.length >= 10, 'it came in pieces');
  assert.deepEqual(events.filter((event) => event.type.startsWith('content_block_st')).map((event) => [event.type, event.index]), [['content_block_start', 0], ['content_block_stop', 0]]);
  const [end] = events.filter((event) => event.type === 'message_delta');
  assert.equal(end.delta.stop_reason, 'end_turn');
  assert.equal(end.usage.output_tokens, 20);
  const message = await client.messages.stream(ask('Count to 20.')).finalMessage();
  assert.deepEqual([message.usage.input_tokens, message.usage.output_tokens], [3, 20]);
});

test('tools go round: two calls at once, their results, the answer', async () => {
  const question = 'Use get_weather {"city":"Köln"} and get_time {"city":"Rom"} please';
  const first = await client.messages.create(ask(question, { tools }));
  const calls = first.content.filter((block) => block.type === 'tool_use');
  assert.equal(first.stop_reason, 'tool_use');
  assert.deepEqual(calls.map((call) => [call.name, call.input]), [['get_weather', { city: 'Köln' }], ['get_time', { city: 'Rom' }]]);
  assert.equal(new Set(calls.map((call) => call.id)).size, 2);
  const results = calls.map((call, index) => ({ type: 'tool_result', tool_use_id: call.id, content: `result ${call.name}`, is_error: index === 1 }));
  const second = await client.messages.create({ model, max_tokens: 300, tools, messages: [{ role: 'user', content: question }, { role: 'assistant', content: first.content }, { role: 'user', content: results }] });
  const failed = isClaude || cell === 'gemini' ? 'failed' : 'said';
  assert.ok(said(second).startsWith(`Results: get_weather said result get_weather; get_time ${failed} result get_time`), said(second));
  assert.equal(second.stop_reason, 'end_turn');
});

test('streamed tool calls put together are the same', async () => {
  const message = await client.messages.stream(ask('Use get_weather {"city":"Köln"} and get_weather {"city":"Rom"} please', { tools })).finalMessage();
  assert.deepEqual(message.content.filter((block) => block.type === 'tool_use').map((block) => block.input), [{ city: 'Köln' }, { city: 'Rom' }]);
  assert.equal(message.stop_reason, 'tool_use');
});

test('the choice of tools arrives', async () => {
  const names = (message) => message.content.filter((block) => block.type === 'tool_use').map((block) => block.name);
  assert.deepEqual(names(await client.messages.create(ask('Anything', { tools, tool_choice: { type: 'tool', name: 'get_time' } }))), ['get_time']);
  assert.equal(names(await client.messages.create(ask('Anything', { tools, tool_choice: { type: 'any' } }))).length, 1);
  const none = client.messages.create(ask('Use get_weather', { tools, tool_choice: { type: 'none' } }));
  if (cell === 'bedrock') {
    refused(await rejection(none), 'unsupported_value', 'tool_choice');
  } else {
    assert.deepEqual(names(await none), []);
  }
});

test('one tool at a time, where the provider can', async () => {
  const call = client.messages.create(ask('get_weather {"city":"a"} get_time {"city":"b"}', { tools, tool_choice: { type: 'auto', disable_parallel_tool_use: true } }));
  if (['gemini', 'bedrock'].includes(cell)) {
    refused(await rejection(call), 'unsupported_parameter', 'tool_choice.disable_parallel_tool_use');
  } else {
    assert.equal((await call).content.filter((block) => block.type === 'tool_use').length, 1);
  }
});

test('a structured answer follows its schema', async () => {
  const message = await client.messages.create(ask('Tell me', { output_config: { format: { type: 'json_schema', schema: report } } }));
  assert.deepEqual(JSON.parse(said(message)), { summary: 'Tell me', score: 7, good: true, tags: ['Tell me', 'Tell me'] });
});

test('images and files arrive whole', async () => {
  const content = [
    { type: 'text', text: 'Look' },
    { type: 'image', source: { type: 'base64', media_type: 'image/png', data: png } },
    { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: pdf }, title: 'a.pdf' },
  ];
  const message = await client.messages.create(ask(content));
  assert.equal(said(message), `You said: Look | Attached: image/png ${bytes(png)}, application/pdf ${bytes(pdf)}`);
  assert.equal(message.usage.input_tokens, 1 + 2 * mediaTokens);
});

test('an image may be an address, where the provider fetches them', async () => {
  const call = client.messages.create(ask([{ type: 'text', text: 'Look' }, { type: 'image', source: { type: 'url', url: 'https://example.com/cat.png' } }]));
  if (cell === 'bedrock') {
    refused(await rejection(call), 'unsupported_content', 'messages[0].content[1]');
  } else {
    assert.equal(said(await call), 'You said: Look | Attached: url https://example.com/cat.png');
  }
});

test("a tool's picture arrives, where results may hold one", async () => {
  const messages = [
    { role: 'user', content: 'Look' },
    { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: { city: 'Rom' } }] },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: [{ type: 'text', text: 'seen' }, { type: 'image', source: { type: 'base64', media_type: 'image/png', data: png } }] }] },
  ];
  const call = client.messages.create({ model, max_tokens: 300, tools, messages });
  if (['openai', 'azure-openai'].includes(cell)) {
    refused(await rejection(call), 'unsupported_content', 'messages[2].content[0].content[1]');
  } else {
    assert.match(said(await call), new RegExp(`^Results: get_weather said seen \\| Attached: image/png ${bytes(png)}`));
  }
});

test('thinking shows, is signed, and goes round with tools', async () => {
  const thinking = { thinking: { type: 'enabled', budget_tokens: 1024 }, max_tokens: 4000 };
  const question = { role: 'user', content: 'Use get_weather {"city":"Rom"}' };
  const first = await client.messages.create({ model: thinker, tools, messages: [question], ...thinking });
  const shows = isClaude;
  if (shows) {
    assert.match(first.content[0].thinking, /Let me think/);
    assert.ok(first.content[0].signature.length > 10);
  }
  const [made] = first.content.filter((block) => block.type === 'tool_use');
  const messages = [question, { role: 'assistant', content: first.content }, { role: 'user', content: [{ type: 'tool_result', tool_use_id: made.id, content: 'sunny' }] }];
  const second = await client.messages.create({ model: thinker, tools, messages, ...thinking });
  assert.match(said(second), /^Results: get_weather said sunny/);
  const streamed = await client.messages.stream({ model: thinker, tools, messages, ...thinking }).finalMessage();
  assert.equal(said(streamed), said(second));
  if (shows) {
    assert.deepEqual(streamed.content[0], second.content[0]);
  }
});

test('a forged thought is refused by the provider that signs', only([...speaksAnthropic, 'bedrock'], 'only Anthropic verifies them'), async () => {
  const messages = [{ role: 'user', content: 'Hello' }, { role: 'assistant', content: [{ type: 'thinking', thinking: 'Forged', signature: 'Zm9yZ2Vk' }, { type: 'text', text: 'Hi' }] }, { role: 'user', content: 'And?' }];
  const error = await rejection(client.messages.create({ model, max_tokens: 300, messages }));
  assert.ok(error instanceof Anthropic.BadRequestError);
  assert.match(error.message, /Invalid `signature` in `thinking` block/);
});

test('a marked prompt is written to the cache once and read from it afterwards', only([...speaksAnthropic, 'bedrock'], 'only Anthropic has marks'), async () => {
  const system = [{ type: 'text', text: `Long instructions ${Date.now()}`, cache_control: { type: 'ephemeral' } }, { type: 'text', text: 'Shorter ones', cache_control: { type: 'ephemeral', ttl: '1h' } }];
  const [first, second] = [await client.messages.create(ask('Hello', { system })), await client.messages.create(ask('Hello', { system }))];
  assert.deepEqual([first.usage.input_tokens, first.usage.cache_creation_input_tokens, first.usage.cache_read_input_tokens], [1, 5, 0]);
  assert.deepEqual([second.usage.input_tokens, second.usage.cache_creation_input_tokens, second.usage.cache_read_input_tokens], [1, 0, 5]);
});

test('cache marks are no hindrance anywhere', async () => {
  const message = await client.messages.create(ask([{ type: 'text', text: 'Hello', cache_control: { type: 'ephemeral' } }], { tools: [{ ...tools[0], cache_control: { type: 'ephemeral' } }] }));
  assert.equal(said(message), 'You said: Hello');
});

test('tokens are counted without an answer', async () => {
  const { data, response } = await client.messages.countTokens({ model, system: 'Be kind.', messages: [{ role: 'user', content: 'Hello there, provider' }] }).withResponse();
  if (isClaude || cell === 'gemini') {
    assert.equal(data.input_tokens, 5);
    assert.equal(response.headers.get('x-aiorleans-estimated'), null);
  } else {
    assert.ok(data.input_tokens > 0);
    assert.equal(response.headers.get('x-aiorleans-estimated'), 'true');
  }
});

test('top_k arrives, or is refused by name, or is left out where that was asked for', async () => {
  const request = ask('Hello', { top_k: 5 });
  if (isClaude || cell === 'gemini') {
    assert.match((await client.messages.create(request, older)).content[0].text, /top_k=5/);
    return;
  }
  refused(await rejection(client.messages.create(request)), 'unsupported_parameter', 'top_k');
  assert.equal(said(await client.messages.create(request, { headers: { 'x-aiorleans-drop-params': 'true' } })), 'You said: Hello');
});

test("tools that run at Anthropic are no other provider's", except(['direct', 'anthropic'], 'the fake has none either'), async () => {
  const error = await rejection(client.messages.create(ask('Search', { tools: [{ type: 'web_search_20250305', name: 'web_search' }] })));
  assert.ok(error instanceof Anthropic.BadRequestError);
  assert.match(error.message, /tools/);
});

test('a wrong key is an AuthenticationError that does not repeat it', async () => {
  const error = await rejection(clientOf('sk-wrong-key-of-someone').messages.create(ask('Hello')));
  assert.ok(error instanceof Anthropic.AuthenticationError);
  assert.equal(error.type, 'authentication_error');
  assert.doesNotMatch(error.message, /sk-wrong-key-of-someone/);
});

test('a key may also come as a bearer token', async () => {
  const bearer = new Anthropic({ baseURL: url.href, authToken: key, apiKey: null, maxRetries: 0 });
  assert.equal(said(await bearer.messages.create(ask('Hello'))), 'You said: Hello');
});

test('an unknown model is a NotFoundError', async () => {
  const error = await rejection(client.messages.create({ ...ask('Hello'), model: 'no-such' }));
  assert.ok(error instanceof Anthropic.NotFoundError);
  assert.equal(error.type, 'not_found_error');
  assert.ok(error.requestID);
});

test('a missing bound is a BadRequestError that names it', async () => {
  const error = await rejection(client.messages.create({ model, messages: [{ role: 'user', content: 'Hello' }] }));
  assert.ok(error instanceof Anthropic.BadRequestError);
  assert.equal(error.type, 'invalid_request_error');
  assert.match(error.message, /max_tokens/);
});

test('what the provider calls a mistake is a BadRequestError in its words', async () => {
  const error = await rejection(client.messages.create({ ...ask('Hello'), model: `${model}.fault-400` }));
  assert.ok(error instanceof Anthropic.BadRequestError);
  assert.equal(error.type, 'invalid_request_error');
  assert.match(error.message, /temperature|too long|input token count/);
});

test("the gateway's own trouble at the provider is not the client's", except(['direct'], 'there is no gateway'), async () => {
  // Anthropic's word for 503 is 529.
  for (const [fault, status, type] of [['401', 502, 'api_error'], ['403', 502, 'api_error'], ['500', 502, 'api_error'], ['429', 529, 'overloaded_error'], ['529', 529, 'overloaded_error'], ['babbles', 502, 'api_error'], ['resets-first', 502, 'api_error']]) {
    const error = await rejection(client.messages.create({ ...ask('Hello'), model: `${model}.fault-${fault}` }));
    assert.equal(error.status, status, `${fault}: ${error.message}`);
    assert.equal(error.type, type, fault);
    assert.doesNotMatch(error.message, /canary/);
  }
});

test('errors of the provider have their types', only(['direct'], 'the gateway has errors of its own'), async () => {
  const types = { 401: Anthropic.AuthenticationError, 403: Anthropic.PermissionDeniedError, 404: Anthropic.NotFoundError, 429: Anthropic.RateLimitError, 500: Anthropic.InternalServerError, 529: Anthropic.OverloadedError };
  for (const [status, type] of Object.entries(types)) {
    const error = await rejection(client.messages.create({ ...ask('Hello'), model: `${model}.fault-${status}` }));
    assert.ok(error instanceof type, `${status} was ${error.constructor.name}`);
    assert.ok(error.requestID);
  }
});

test('the client retries what failed once', async () => {
  for (const fault of ['500', '529', 'resets-first']) {
    const { statuses, fetch: counted } = counting();
    const message = await clientOf(key, { maxRetries: 2, fetch: counted }).messages.create({ ...ask('Hello'), model: `${model}.once-${fault}` });
    assert.equal(said(message), 'You said: Hello');
    assert.equal(statuses.at(-1), 200);
    assert.equal(statuses.filter((status) => status === 200).length, 1, `${fault}: ${statuses}`);
  }
});

test('a stream that breaks is an error, never half an answer', async () => {
  for (const fault of ['overloads', 'resets', 'truncates']) {
    const stream = client.messages.stream({ ...ask('Count to 40.'), model: `${model}.fault-${fault}` });
    let text = '';
    stream.on('text', (piece) => {
      text += piece;
    });
    const error = await rejection(stream.finalMessage());
    assert.match(text, /^1 2 3/, fault);
    if (!isDirect) {
      assert.ok(error instanceof Anthropic.APIError, `${fault}: ${error}`);
      assert.ok(['api_error', 'overloaded_error'].includes(error.type), `${fault}: ${error.message}`);
    }
  }
});

test('an aborted stream is an APIUserAbortError and the client goes on', async () => {
  const stream = client.messages.stream({ ...ask('Count to 200.'), model: `${model}.fault-crawls` });
  let words = 0;
  stream.on('text', () => {
    if (++words === 3) {
      stream.abort();
    }
  });
  assert.ok((await rejection(stream.done())) instanceof Anthropic.APIUserAbortError);
  assert.ok(words < 200);
  assert.ok((await client.messages.create(ask('Hello'))).id);
});

test('an aborted call is an APIUserAbortError', async () => {
  const abort = new AbortController();
  const call = client.messages.create({ ...ask('Hello'), model: `${model}.fault-keeps-silent` }, { signal: abort.signal });
  setTimeout(() => abort.abort(), 200);
  assert.ok((await rejection(call)) instanceof Anthropic.APIUserAbortError);
});

// The gateway puts its code and the field into the error beside what Anthropic has.
function refused(error, code, param) {
  assert.ok(error instanceof Anthropic.BadRequestError, `${error}`);
  assert.equal(error.type, 'invalid_request_error');
  assert.equal(error.error.error.code, code);
  assert.equal(error.error.error.param, param);
}

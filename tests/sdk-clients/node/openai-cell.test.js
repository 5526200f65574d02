// The unmodified OpenAI client for Node in one cell of the matrix; see cell.js. AIORLEANS_EMBEDDER and AIORLEANS_COMPLETER are needed where OpenAI's own
// further calls are served.
import assert from 'node:assert/strict';
import test from 'node:test';
import OpenAI from 'openai';
import { all, bytes, cell, counting, except, isDirect, key, mediaTokens, only, pdf, png, rejection, report, required, tokens, url, weather } from './cell.js';

const model = required('AIORLEANS_MODEL');
const thinker = required('AIORLEANS_THINKER');
const baseURL = new URL('/v1', url).href;
const client = clientOf(key);
const speaksOpenAi = ['direct', 'openai', 'azure-openai'];
const embeds = [...speaksOpenAi, 'gemini'];

// Claude, at Anthropic and at Bedrock.
const isClaude = ['anthropic', 'bedrock'].includes(cell);
const tools = ['get_weather', 'get_time'].map((name) => ({ type: 'function', function: { name, description: `Tells by ${name}`, parameters: weather } }));

function clientOf(apiKey, options = {}) {
  return new OpenAI({ baseURL, apiKey, maxRetries: 0, ...options });
}

function ask(content, more = {}) {
  return { model, messages: [{ role: 'user', content }], ...more };
}

// The fakes tell the parameters that they got. Anthropic always gets a bound, which is the model's where the client has none.
const boundTold = / \| Settings: .*$/;
const said = (completion) => completion.choices[0].message.content.replace(boundTold, '');

test('an answer holds what was asked, and its exact usage', async () => {
  const completion = await client.chat.completions.create(ask('Hello there, provider'));
  const [choice] = completion.choices;
  assert.equal(completion.object, 'chat.completion');
  assert.equal(choice.message.role, 'assistant');
  assert.equal(said(completion), 'You said: Hello there, provider');
  assert.equal(choice.finish_reason, 'stop');
  assert.equal(completion.usage.prompt_tokens, 3);
  assert.equal(completion.usage.completion_tokens, tokens(choice.message.content));
  assert.equal(completion.usage.total_tokens, 3 + tokens(choice.message.content));
  assert.ok(completion._request_id);
});

test('instructions and earlier turns arrive', async () => {
  const completion = await client.chat.completions.create({
    model,
    messages: [
      { role: 'system', content: 'Be kind.' },
      { role: 'user', content: 'First' },
      { role: 'assistant', content: 'Second' },
      { role: 'user', content: [{ type: 'text', text: 'Third' }, { type: 'text', text: 'Fourth' }] },
    ],
  });
  assert.equal(said(completion), 'You said: Third + Fourth | Instructions: Be kind. | Earlier: user said First; assistant said Second');
});

test('umlauts, emoji and quotes survive both ways', async () => {
  const text = 'Grüße "an" 😀\n\tdich \\ und <b>\u2028</b>';
  const plain = await client.chat.completions.create(ask(text));
  assert.equal(said(plain), `You said: ${text}`);
  assert.equal(said(await client.chat.completions.stream(ask(text)).finalChatCompletion()), `You said: ${text}`);
});

test('parameters arrive', async () => {
  const told = (await client.chat.completions.create(ask('Hi', { temperature: 0.25, max_completion_tokens: 50 }))).choices[0].message.content;
  assert.match(told, /max_tokens=50/);
  assert.match(told, /temperature=0\.25/);
});

test('a bound on the output cuts the answer', async () => {
  const completion = await client.chat.completions.create(ask('Count to 50.', { max_completion_tokens: 7 }));
  assert.equal(completion.choices[0].message.content, '1 2 3 4 5 6 7');
  assert.equal(completion.choices[0].finish_reason, 'length');
});

test('a stop sequence ends the answer', async () => {
  const completion = await client.chat.completions.create(ask('Count to 50.', { stop: [' 4'] }));
  assert.equal(completion.choices[0].message.content, '1 2 3');
  assert.equal(completion.choices[0].finish_reason, 'stop');
});

test('a stream is the same answer in pieces, with usage only where it was asked for', async () => {
  const chunks = await all(await client.chat.completions.create(ask('Count to 20.', { stream: true, stream_options: { include_usage: true } })));
  const choices = chunks.flatMap((chunk) => chunk.choices);
  assert.equal(choices.map((choice) => choice.delta.content ?? '').join(''), Array.from({ length: 20 }, (_, index) => index + 1).join(' '));
  assert.ok(choices.filter((choice) => choice.delta.content).length >= 10, 'it came in pieces');
  assert.equal(choices[0].delta.role, 'assistant');
  assert.deepEqual(choices.map((choice) => choice.finish_reason).filter(Boolean), ['stop']);
  assert.equal(new Set(chunks.map((chunk) => chunk.id)).size, 1);
  const usages = chunks.map((chunk) => chunk.usage).filter(Boolean);
  assert.equal(usages.length, 1);
  assert.equal(usages[0].prompt_tokens, 3);
  assert.equal(usages[0].completion_tokens, 20);
  const without = await all(await client.chat.completions.create(ask('Count to 3.', { stream: true })));
  assert.ok(without.every((chunk) => !chunk.usage));
});

test('tools go round: two calls at once, their results, the answer', async () => {
  const question = 'Use get_weather {"city":"Köln"} and get_time {"city":"Rom"} please';
  const first = await client.chat.completions.create(ask(question, { tools }));
  const [choice] = first.choices;
  assert.equal(choice.finish_reason, 'tool_calls');
  assert.deepEqual(choice.message.tool_calls.map((call) => [call.function.name, JSON.parse(call.function.arguments)]), [['get_weather', { city: 'Köln' }], ['get_time', { city: 'Rom' }]]);
  assert.equal(new Set(choice.message.tool_calls.map((call) => call.id)).size, 2);
  const second = await client.chat.completions.create({
    model,
    tools,
    messages: [
      { role: 'user', content: question },
      choice.message,
      ...choice.message.tool_calls.map((call) => ({ role: 'tool', tool_call_id: call.id, content: `{"for":"${call.function.name}"}` })),
    ],
  });
  assert.match(second.choices[0].message.content, /^Results: get_weather said \{"for":"get_weather"\}; get_time said \{"for":"get_time"\}/);
  assert.equal(second.choices[0].finish_reason, 'stop');
});

test('streamed tool calls put together are the same', async () => {
  const runner = client.chat.completions.stream(ask('Use get_weather {"city":"Köln"} and get_weather {"city":"Rom"} please', { tools }));
  const message = await runner.finalMessage();
  assert.deepEqual(message.tool_calls.map((call) => JSON.parse(call.function.arguments)), [{ city: 'Köln' }, { city: 'Rom' }]);
  assert.equal((await runner.finalChatCompletion()).choices[0].finish_reason, 'tool_calls');
});

test('the choice of tools arrives', async () => {
  const forced = await client.chat.completions.create(ask('Anything', { tools, tool_choice: { type: 'function', function: { name: 'get_time' } } }));
  assert.deepEqual(forced.choices[0].message.tool_calls.map((call) => call.function.name), ['get_time']);
  const required = await client.chat.completions.create(ask('Anything', { tools, tool_choice: 'required' }));
  assert.equal(required.choices[0].message.tool_calls.length, 1);
  const none = client.chat.completions.create(ask('Use get_weather', { tools, tool_choice: 'none' }));
  if (cell === 'bedrock') {
    refused(await rejection(none), 'unsupported_value', 'tool_choice');
  } else {
    assert.equal(said(await none), 'You said: Use get_weather');
  }
});

test('one tool at a time, where the provider can', async () => {
  const call = client.chat.completions.create(ask('get_weather {"city":"a"} get_time {"city":"b"}', { tools, parallel_tool_calls: false }));
  if (['gemini', 'bedrock'].includes(cell)) {
    refused(await rejection(call), 'unsupported_parameter', 'parallel_tool_calls');
  } else {
    assert.equal((await call).choices[0].message.tool_calls.length, 1);
  }
});

test('a structured answer follows its schema, plain and streamed', async () => {
  const format = { response_format: { type: 'json_schema', json_schema: { name: 'report', strict: true, schema: report } } };
  const expected = { summary: 'Tell me', score: 7, good: true, tags: ['Tell me', 'Tell me'] };
  assert.deepEqual(JSON.parse((await client.chat.completions.create(ask('Tell me', format))).choices[0].message.content), expected);
  assert.deepEqual(JSON.parse(await client.chat.completions.stream(ask('Tell me', format)).finalContent()), expected);
});

test('JSON without a schema, where the provider can', async () => {
  const call = client.chat.completions.create(ask('Tell me in json', { response_format: { type: 'json_object' } }));
  if (isClaude) {
    refused(await rejection(call), 'unsupported_value', 'response_format');
  } else {
    assert.deepEqual(JSON.parse((await call).choices[0].message.content), { heard: 'Tell me in json' });
  }
});

test('images and files arrive whole', async () => {
  const content = [
    { type: 'text', text: 'Look' },
    { type: 'image_url', image_url: { url: `data:image/png;base64,${png}` } },
    { type: 'file', file: { filename: 'a.pdf', file_data: `data:application/pdf;base64,${pdf}` } },
  ];
  const completion = await client.chat.completions.create(ask(content));
  assert.equal(said(completion), `You said: Look | Attached: image/png ${bytes(png)}, application/pdf ${bytes(pdf)}`);
  assert.equal(completion.usage.prompt_tokens, 1 + 2 * mediaTokens);
});

test('an image may be an address, where the provider fetches them', async () => {
  const call = client.chat.completions.create(ask([{ type: 'text', text: 'Look' }, { type: 'image_url', image_url: { url: 'https://example.com/cat.png' } }]));
  if (cell === 'bedrock') {
    refused(await rejection(call), 'unsupported_content', 'messages[0].content[1]');
  } else {
    assert.equal(said(await call), 'You said: Look | Attached: url https://example.com/cat.png');
  }
});

test('sound arrives, where the provider hears', async () => {
  const call = client.chat.completions.create(ask([{ type: 'text', text: 'Listen' }, { type: 'input_audio', input_audio: { data: png, format: 'wav' } }]));
  if (cell === 'anthropic') {
    refused(await rejection(call), 'unsupported_content', 'messages[0].content[1]');
  } else if (cell === 'bedrock') {
    // Converse has sounds, and it is the model that hears nothing.
    assert.match((await rejection(call)).message, /audio content block/);
  } else {
    assert.equal((await call).choices[0].message.content, `You said: Listen | Attached: audio/wav ${bytes(png)}`);
  }
});

test('several answers at once, where the provider can', async () => {
  const call = client.chat.completions.create(ask('Hello', { n: 2 }));
  if (isClaude) {
    refused(await rejection(call), 'unsupported_parameter', 'n');
  } else {
    const completion = await call;
    assert.deepEqual(completion.choices.map((choice) => [choice.index, choice.message.content]), [[0, 'You said: Hello'], [1, 'You said: Hello']]);
    assert.equal(completion.usage.completion_tokens, 2 * tokens('You said: Hello'));
  }
});

test('a seed arrives, or is refused by name, or is left out where that was asked for', async () => {
  const request = ask('Hello', { seed: 7 });
  if (!isClaude) {
    assert.match((await client.chat.completions.create(request)).choices[0].message.content, /seed=7/);
    return;
  }
  refused(await rejection(client.chat.completions.create(request)), 'unsupported_parameter', 'seed');
  const dropped = await client.chat.completions.create(request, { headers: { 'x-aiorleans-drop-params': 'true' } });
  assert.match(dropped.choices[0].message.content, /^You said: Hello/);
});

test('an unknown field passes to a provider of the protocol, which refuses it; elsewhere the gateway does', async () => {
  const error = await rejection(client.chat.completions.create(ask('Hello', { frobnicate: 1 })));
  assert.ok(error instanceof OpenAI.BadRequestError);
  assert.match(error.message, /frobnicate/);
  if (!speaksOpenAi.includes(cell)) {
    refused(error, 'unsupported_parameter', 'frobnicate');
  }
});

test('thinking is asked for, counted, and where it shows it can be sent back', async () => {
  const first = await client.chat.completions.create({ ...ask('Use get_weather {"city":"Rom"}', { tools, reasoning_effort: 'low', max_completion_tokens: 4000 }), model: thinker });
  if (cell !== 'bedrock') {
    // Converse does not tell them apart.
    assert.ok(first.usage.completion_tokens_details.reasoning_tokens > 0);
  }
  const message = first.choices[0].message;
  if (isClaude) {
    assert.match(message.reasoning_content, /Let me think/);
    assert.ok(message.thinking_blocks[0].signature);
  }
  const second = await client.chat.completions.create({
    model: thinker,
    tools,
    reasoning_effort: 'low',
    max_completion_tokens: 4000,
    messages: [{ role: 'user', content: 'Use get_weather {"city":"Rom"}' }, message, { role: 'tool', tool_call_id: message.tool_calls[0].id, content: 'sunny' }],
  });
  assert.match(second.choices[0].message.content, /^Results: get_weather said sunny/);
});

test('a long prompt is read from the cache the second time', only(['direct', 'openai', 'azure-openai', 'gemini'], 'Anthropic caches only where it is marked, which OpenAI has no word for'), async () => {
  const long = `${Date.now()} `.repeat(1500);
  const first = await client.chat.completions.create(ask(long));
  const second = await client.chat.completions.create(ask(long));
  assert.equal(first.usage.prompt_tokens_details?.cached_tokens ?? 0, 0);
  assert.equal(first.usage.prompt_tokens, 1500);
  assert.equal(second.usage.prompt_tokens, 1500);
  assert.equal(second.usage.prompt_tokens_details.cached_tokens, 1408);
});

test('a wrong key is an AuthenticationError that does not repeat it', async () => {
  const error = await rejection(clientOf('sk-wrong-key-of-someone').chat.completions.create(ask('Hello')));
  assert.ok(error instanceof OpenAI.AuthenticationError);
  assert.equal(error.code, 'invalid_api_key');
  assert.doesNotMatch(error.message, /sk-wrong-key-of-someone/);
});

test('an unknown model is a NotFoundError', async () => {
  const error = await rejection(client.chat.completions.create({ ...ask('Hello'), model: 'no-such' }));
  assert.ok(error instanceof OpenAI.NotFoundError);
  assert.equal(error.code, 'model_not_found');
});

test('a missing message is a BadRequestError that names it', async () => {
  const error = await rejection(client.chat.completions.create({ model }));
  assert.ok(error instanceof OpenAI.BadRequestError);
  assert.equal(error.param, 'messages');
});

test('what the provider calls a mistake is a BadRequestError in its words', async () => {
  const error = await rejection(client.chat.completions.create({ ...ask('Hello'), model: `${model}.fault-400` }));
  assert.ok(error instanceof OpenAI.BadRequestError);
  assert.equal(error.type, 'invalid_request_error');
  assert.match(error.message, /temperature|too long|input token count/);
});

test("the gateway's own trouble at the provider is not the client's", except(['direct'], 'there is no gateway'), async () => {
  for (const [fault, status] of [['401', 502], ['403', 502], ['500', 502], ['429', 503], ['out-of-quota', cell === 'anthropic' ? 502 : 503], ['babbles', 502], ['resets-first', 502]]) {
    const error = await rejection(client.chat.completions.create({ ...ask('Hello'), model: `${model}.fault-${fault}` }));
    assert.equal(error.status, status, `${fault}: ${error.message}`);
    assert.ok(error instanceof OpenAI.InternalServerError);
    assert.equal(error.code, 'provider_failed', fault);
    assert.doesNotMatch(error.message, /canary/);
  }
});

test('errors of the provider have their types', only(['direct'], 'the gateway has errors of its own'), async () => {
  const types = { 401: OpenAI.AuthenticationError, 403: OpenAI.PermissionDeniedError, 404: OpenAI.NotFoundError, 429: OpenAI.RateLimitError, 500: OpenAI.InternalServerError, 503: OpenAI.InternalServerError };
  for (const [status, type] of Object.entries(types)) {
    const error = await rejection(client.chat.completions.create({ ...ask('Hello'), model: `${model}.fault-${status}` }));
    assert.ok(error instanceof type, `${status} was ${error.constructor.name}`);
    assert.ok(error.requestID);
  }
});

test('the client retries what failed once', async () => {
  for (const fault of ['500', '429', 'resets-first']) {
    const { statuses, fetch: counted } = counting();
    const patient = clientOf(key, { maxRetries: 2, fetch: counted });
    const completion = await patient.chat.completions.create({ ...ask('Hello'), model: `${model}.once-${fault}` });
    assert.equal(said(completion), 'You said: Hello');
    assert.equal(statuses.at(-1), 200);
    assert.equal(statuses.filter((status) => status === 200).length, 1, `${fault}: ${statuses}`);
  }
});

test('a stream that breaks is an error, never half an answer', async () => {
  const faults = isDirect ? ['overloads', 'resets'] : ['overloads', 'resets', 'truncates'];
  for (const fault of faults) {
    let text = '';
    const error = await rejection((async () => {
      for await (const chunk of await client.chat.completions.create({ ...ask('Count to 40.', { stream: true }), model: `${model}.fault-${fault}` })) {
        text += chunk.choices[0]?.delta?.content ?? '';
      }
    })());
    assert.ok(error, fault);
    assert.match(text, /^1 2 3/, fault);
    if (!isDirect) {
      assert.equal(error.code, 'provider_failed', `${fault}: ${error.message}`);
    }
  }
});

test('an aborted stream ends quietly and the client goes on', async () => {
  const stream = await client.chat.completions.create({ ...ask('Count to 200.', { stream: true }), model: `${model}.fault-crawls` });
  let words = 0;
  for await (const chunk of stream) {
    words += chunk.choices[0]?.delta?.content ? 1 : 0;
    if (words === 3) {
      stream.controller.abort();
    }
  }
  assert.ok(words < 200);
  assert.ok((await client.chat.completions.create(ask('Hello'))).id);
});

test('an aborted call is an APIUserAbortError', async () => {
  const abort = new AbortController();
  const call = client.chat.completions.create({ ...ask('Hello'), model: `${model}.fault-keeps-silent` }, { signal: abort.signal });
  setTimeout(() => abort.abort(), 200);
  assert.ok((await rejection(call)) instanceof OpenAI.APIUserAbortError);
});

test('embeddings are the same in base64 and as numbers', only(embeds, 'Anthropic has no embeddings'), async () => {
  const embedder = required('AIORLEANS_EMBEDDER');
  const base64 = await client.embeddings.create({ model: embedder, input: ['one text', 'another much longer text'] });
  const numbers = await client.embeddings.create({ model: embedder, input: ['one text', 'another much longer text'], encoding_format: 'float' });
  assert.equal(base64.data.length, 2);
  assert.equal(base64.data[0].embedding.length, cell === 'gemini' ? 3072 : 1536);
  assert.deepEqual(base64.data.map((item) => [...item.embedding]), numbers.data.map((item) => item.embedding.map(Math.fround)));
  assert.notDeepEqual(numbers.data[0].embedding, numbers.data[1].embedding);
  if (speaksOpenAi.includes(cell)) {
    // Google does not tell what vectors cost.
    assert.equal(base64.usage.prompt_tokens, 6);
  }
  const short = await client.embeddings.create({ model: embedder, input: 'one text', dimensions: 8 });
  assert.equal(short.data[0].embedding.length, 8);
  const raw = await client.embeddings.create({ model: embedder, input: 'one text', encoding_format: 'base64' });
  assert.equal(typeof raw.data[0].embedding, 'string');
});

test('legacy completions answer, plain and streamed', only(speaksOpenAi, 'only OpenAI has them'), async () => {
  const completer = required('AIORLEANS_COMPLETER');
  const plain = await client.completions.create({ model: completer, prompt: 'Count to 5.', max_tokens: 20 });
  assert.equal(plain.choices[0].text, '1 2 3 4 5');
  assert.equal(plain.usage.total_tokens, 8);
  const chunks = await all(await client.completions.create({ model: completer, prompt: ['Count to 5.', 'Count to 2.'], max_tokens: 20, stream: true }));
  assert.equal(chunks.flatMap((chunk) => chunk.choices).filter((choice) => choice.index === 1).map((choice) => choice.text).join(''), '1 2');
});

test('responses answer and stream', async () => {
  const first = await client.responses.create({ model, instructions: 'Be kind.', input: 'Hello there' });
  assert.equal(plainly(first.output_text), 'You said: Hello there | Instructions: Be kind.');
  assert.deepEqual([first.usage.input_tokens, first.usage.output_tokens], [4, tokens(first.output_text)]);
  assert.equal(first.status, 'completed');
  const events = await all(await client.responses.create({ model, input: 'Count to 12.', stream: true }));
  assert.equal(events.filter((event) => event.type === 'response.output_text.delta').map((event) => event.delta).join(''), '1 2 3 4 5 6 7 8 9 10 11 12');
  assert.deepEqual(events.map((event) => event.sequence_number), events.map((_, index) => index));
  assert.equal(events[0].type, 'response.created');
  assert.equal(events.at(-1).type, 'response.completed');
  assert.equal(events.at(-1).response.usage.output_tokens, 12);
});

test('responses go on from an earlier one, where it is kept', async () => {
  const first = await client.responses.create({ model, input: 'Hello there' });
  const call = client.responses.create({ model, input: 'And now', previous_response_id: first.id });
  if (speaksOpenAi.includes(cell)) {
    assert.match((await call).output_text, /Earlier: user said Hello there; assistant said You said: Hello there/);
  } else {
    refused(await rejection(call), 'unsupported_content', 'previous_response_id');
    const whole = await client.responses.create({ model, input: [{ role: 'user', content: 'Hello there' }, ...first.output, { role: 'user', content: 'And now' }] });
    assert.match(whole.output_text, /Earlier: user said Hello there; assistant said You said: Hello there/);
  }
});

test('responses call functions and read their results, plain and streamed', async () => {
  const functions = [{ type: 'function', name: 'get_weather', parameters: weather, strict: true }];
  const input = [{ role: 'user', content: 'Use get_weather {"city":"Rom"}' }];
  const first = await client.responses.create({ model, input, tools: functions });
  const [made] = first.output.filter((item) => item.type === 'function_call');
  assert.deepEqual(JSON.parse(made.arguments), { city: 'Rom' });
  const second = await client.responses.create({ model, tools: functions, input: [...input, ...first.output, { type: 'function_call_output', call_id: made.call_id, output: 'sunny' }] });
  assert.match(second.output_text, /^Results: get_weather said sunny/);
  const streamed = await client.responses.stream({ model, input, tools: functions }).finalResponse();
  assert.deepEqual(JSON.parse(streamed.output.find((item) => item.type === 'function_call').arguments), { city: 'Rom' });
});

test('thoughts of responses go round with functions', except(speaksOpenAi, 'the other suites of OpenAI have it'), async () => {
  const functions = [{ type: 'function', name: 'get_weather', parameters: weather, strict: true }];
  const input = [{ role: 'user', content: 'Use get_weather {"city":"Rom"}' }];
  const options = { model: thinker, tools: functions, reasoning: { effort: 'low', summary: 'auto' }, include: ['reasoning.encrypted_content'], store: false, max_output_tokens: 4000 };
  const first = await client.responses.create({ ...options, input });
  assert.ok(first.output.some((item) => item.type === 'reasoning' && item.encrypted_content));
  const [made] = first.output.filter((item) => item.type === 'function_call');
  const second = await client.responses.create({ ...options, input: [...input, ...first.output, { type: 'function_call_output', call_id: made.call_id, output: 'sunny' }] });
  assert.match(second.output_text, /^Results: get_weather said sunny/);
});

test('a structured response follows its schema', async () => {
  const response = await client.responses.create({ model, input: 'Tell me', text: { format: { type: 'json_schema', name: 'report', strict: true, schema: report } } });
  assert.deepEqual(JSON.parse(response.output_text), { summary: 'Tell me', score: 7, good: true, tags: ['Tell me', 'Tell me'] });
});

test("a response's stream that breaks is an error, never half an answer", except(['direct'], 'the gateway tells it'), async () => {
  for (const fault of ['overloads', 'resets', 'truncates']) {
    let text = '';
    const error = await rejection((async () => {
      for await (const event of await client.responses.create({ model: `${model}.fault-${fault}`, input: 'Count to 40.', stream: true })) {
        text += event.type === 'response.output_text.delta' ? event.delta : '';
        assert.notEqual(event.type, 'response.completed');
      }
    })());
    assert.ok(error instanceof OpenAI.APIError, `${fault}: ${error}`);
    assert.match(text, /^1 2 3/, fault);
  }
});

// The text of a response without the parameters that the fake tells.
function plainly(text) {
  return text.replace(boundTold, '');
}

function refused(error, code, param) {
  assert.ok(error instanceof OpenAI.BadRequestError, `${error}`);
  assert.equal(error.code, code);
  assert.equal(error.param, param);
  assert.ok(error.message.includes(param) || error.message.length > 20);
}

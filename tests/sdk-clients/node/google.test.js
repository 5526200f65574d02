// The unmodified Google client for Node in one cell of the matrix; see cell.js.
import assert from 'node:assert/strict';
import test from 'node:test';
import { ApiError, FunctionCallingConfigMode, GoogleGenAI } from '@google/genai';
import { all, bytes, cell, counting, except, isDirect, key, mediaTokens, only, pdf, png, rejection, report, required, tokens, url, weather } from './cell.js';

const model = required('AIORLEANS_MODEL');
const thinker = required('AIORLEANS_THINKER');
const client = clientOf(key);
const speaksGemini = ['direct', 'gemini'];

// Claude, at Anthropic and at Bedrock.
const isClaude = ['anthropic', 'bedrock'].includes(cell);
const tools = [{ functionDeclarations: ['get_weather', 'get_time'].map((name) => ({ name, description: `Tells by ${name}`, parametersJsonSchema: weather })) }];

function clientOf(apiKey, options = {}) {
  return new GoogleGenAI({ apiKey, httpOptions: { baseUrl: url.href.replace(/\/$/, ''), ...options } });
}

function ask(contents, config = {}, more = {}) {
  return { model, contents, config, ...more };
}

const userTurn = (...parts) => ({ role: 'user', parts });

test('an answer holds what was asked, and its exact usage', async () => {
  const answer = await client.models.generateContent(ask('Hello there, provider'));
  assert.equal(plainly(answer.text), 'You said: Hello there, provider');
  assert.equal(answer.candidates[0].content.role, 'model');
  assert.equal(answer.candidates[0].finishReason, 'STOP');
  assert.equal(answer.usageMetadata.promptTokenCount, 3);
  assert.equal(answer.usageMetadata.candidatesTokenCount, tokens(answer.text));
  assert.equal(answer.usageMetadata.totalTokenCount, 3 + tokens(answer.text));
  assert.ok(answer.responseId);
});

test('instructions and earlier turns arrive', async () => {
  const contents = [userTurn({ text: 'First' }), { role: 'model', parts: [{ text: 'Second' }] }, userTurn({ text: 'Third' }, { text: 'Fourth' })];
  const answer = await client.models.generateContent(ask(contents, { systemInstruction: 'Be kind.' }));
  assert.equal(plainly(answer.text), 'You said: Third + Fourth | Instructions: Be kind. | Earlier: user said First; assistant said Second');
});

test('a chat of the client remembers', async () => {
  const chat = client.chats.create({ model });
  assert.equal(plainly((await chat.sendMessage({ message: 'First' })).text), 'You said: First');
  assert.match((await chat.sendMessage({ message: 'Second' })).text, /^You said: Second \| Earlier: user said First; assistant said You said: First/);
});

test('umlauts, emoji and quotes survive both ways', async () => {
  const text = 'Grüße "an" 😀\n\tdich \\ und <b>\u2028</b>';
  assert.equal(plainly((await client.models.generateContent(ask(text))).text), `You said: ${text}`);
  const chunks = await all(await client.models.generateContentStream(ask(text)));
  assert.equal(plainly(chunks.map((chunk) => chunk.text ?? '').join('')), `You said: ${text}`);
});

test('parameters arrive', async () => {
  const { text } = await client.models.generateContent(ask('Hi', { temperature: 0.25, maxOutputTokens: 50 }));
  assert.match(text, /max_tokens=50/);
  assert.match(text, /temperature=0\.25/);
});

test('a bound on the output cuts the answer', async () => {
  const answer = await client.models.generateContent(ask('Count to 50.', { maxOutputTokens: 7 }));
  assert.equal(answer.text, '1 2 3 4 5 6 7');
  assert.equal(answer.candidates[0].finishReason, 'MAX_TOKENS');
});

test('a stop sequence ends the answer', async () => {
  const answer = await client.models.generateContent(ask('Count to 50.', { stopSequences: [' 4'] }));
  assert.equal(answer.text, '1 2 3');
  assert.equal(answer.candidates[0].finishReason, 'STOP');
});

test('a stream is the same answer in pieces, and ends with its reason and usage', async () => {
  const chunks = await all(await client.models.generateContentStream(ask('Count to 20.')));
  assert.equal(chunks.map((chunk) => chunk.text ?? '').join(''), Array.from({ length: 20 }, (_, index) => index + 1).join(' '));
  assert.ok(chunks.filter((chunk) => chunk.text).length >= 10, 'it came in pieces');
  assert.deepEqual(chunks.map((chunk) => chunk.candidates?.[0]?.finishReason).filter(Boolean), ['STOP']);
  assert.equal(chunks.at(-1).usageMetadata.promptTokenCount, 3);
  assert.equal(chunks.at(-1).usageMetadata.candidatesTokenCount, 20);
});

test('tools go round: two calls at once, their results, the answer', async () => {
  const question = userTurn({ text: 'Use get_weather {"city":"Köln"} and get_time {"city":"Rom"} please' });
  const first = await client.models.generateContent(ask([question], { tools }));
  assert.deepEqual(first.functionCalls.map((call) => [call.name, call.args]), [['get_weather', { city: 'Köln' }], ['get_time', { city: 'Rom' }]]);
  const results = userTurn(...first.functionCalls.map((call) => ({ functionResponse: { id: call.id, name: call.name, response: { output: `result ${call.name}` } } })));
  const second = await client.models.generateContent(ask([question, first.candidates[0].content, results], { tools }));
  assert.match(second.text, /^Results: get_weather said result get_weather; get_time said result get_time/);
});

test('streamed tool calls are the same', async () => {
  const chunks = await all(await client.models.generateContentStream(ask('Use get_weather {"city":"Köln"} and get_weather {"city":"Rom"} please', { tools })));
  assert.deepEqual(chunks.flatMap((chunk) => chunk.functionCalls ?? []).map((call) => call.args), [{ city: 'Köln' }, { city: 'Rom' }]);
});

test('the choice of tools arrives', async () => {
  const choose = async (text, functionCallingConfig) => (await client.models.generateContent(ask(text, { tools, toolConfig: { functionCallingConfig } }))).functionCalls?.map((call) => call.name) ?? [];
  assert.deepEqual(await choose('Anything', { mode: FunctionCallingConfigMode.ANY, allowedFunctionNames: ['get_time'] }), ['get_time']);
  assert.equal((await choose('Anything', { mode: FunctionCallingConfigMode.ANY })).length, 1);
  const none = choose('Use get_weather', { mode: FunctionCallingConfigMode.NONE });
  if (cell === 'bedrock') {
    refused(await rejection(none), 'UNSUPPORTED_VALUE', 'toolConfig.functionCallingConfig');
  } else {
    assert.deepEqual(await none, []);
  }
});

test('a structured answer follows its schema, in either dialect', async () => {
  const expected = { summary: 'Tell me', score: 7, good: true, tags: ['Tell me', 'Tell me'] };
  const json = await client.models.generateContent(ask('Tell me', { responseMimeType: 'application/json', responseJsonSchema: report }));
  assert.deepEqual(JSON.parse(json.text), expected);
  const google = {
    type: 'OBJECT',
    properties: { summary: { type: 'STRING' }, score: { type: 'INTEGER' }, good: { type: 'BOOLEAN' }, tags: { type: 'ARRAY', items: { type: 'STRING' } } },
    required: ['summary', 'score', 'good', 'tags'],
  };
  const call = client.models.generateContent(ask('Tell me', { responseMimeType: 'application/json', responseSchema: google }));
  if (isClaude) {
    // Google's dialect has no additionalProperties, and Anthropic wants it said.
    assert.match((await rejection(call)).message, /additionalProperties/);
  } else {
    assert.deepEqual(JSON.parse((await call).text), expected);
  }
});

test('JSON without a schema, where the provider can', async () => {
  const call = client.models.generateContent(ask('Tell me in json', { responseMimeType: 'application/json' }));
  if (isClaude) {
    refused(await rejection(call), 'UNSUPPORTED_VALUE', 'generationConfig.responseMimeType');
  } else {
    assert.deepEqual(JSON.parse((await call).text), { heard: 'Tell me in json' });
  }
});

test('images and files arrive whole', async () => {
  const parts = [{ text: 'Look' }, { inlineData: { mimeType: 'image/png', data: png } }, { inlineData: { mimeType: 'application/pdf', data: pdf } }];
  const answer = await client.models.generateContent(ask([userTurn(...parts)]));
  assert.equal(plainly(answer.text), `You said: Look | Attached: image/png ${bytes(png)}, application/pdf ${bytes(pdf)}`);
  assert.equal(answer.usageMetadata.promptTokenCount, 1 + 2 * mediaTokens);
});

test('an image may be an address, where the provider fetches them', async () => {
  const call = client.models.generateContent(ask([userTurn({ text: 'Look' }, { fileData: { mimeType: 'image/png', fileUri: 'https://example.com/cat.png' } })]));
  if (cell === 'bedrock') {
    refused(await rejection(call), 'UNSUPPORTED_CONTENT', 'contents[0].parts[1]');
  } else {
    assert.equal(plainly((await call).text), 'You said: Look | Attached: url https://example.com/cat.png');
  }
});

test('sound arrives, where the provider hears', async () => {
  const call = client.models.generateContent(ask([userTurn({ text: 'Listen' }, { inlineData: { mimeType: 'audio/wav', data: png } })]));
  if (cell === 'anthropic') {
    refused(await rejection(call), 'UNSUPPORTED_CONTENT', 'contents[0].parts[1]');
  } else if (cell === 'bedrock') {
    // Converse has sounds, and it is the model that hears nothing.
    assert.match((await rejection(call)).message, /audio content block/);
  } else {
    assert.equal(plainly((await call).text), `You said: Listen | Attached: audio/wav ${bytes(png)}`);
  }
});

test('thinking goes round with tools, signatures included', async () => {
  const config = { tools, thinkingConfig: { includeThoughts: true, thinkingBudget: 1024 }, maxOutputTokens: 4000 };
  const question = userTurn({ text: 'Use get_weather {"city":"Rom"}' });
  const first = await client.models.generateContent({ model: thinker, contents: [question], config });
  const parts = first.candidates[0].content.parts;
  const [made] = first.functionCalls;
  assert.deepEqual(made.args, { city: 'Rom' });
  if (isClaude || speaksGemini.includes(cell)) {
    assert.match(parts.filter((part) => part.thought).map((part) => part.text).join(''), /Let me think/);
    assert.ok(parts.some((part) => part.thoughtSignature), 'something is signed');
    assert.ok(first.usageMetadata.thoughtsTokenCount > 0 || isClaude);
  }
  const result = userTurn({ functionResponse: { id: made.id, name: made.name, response: { output: 'sunny' } } });
  const second = await client.models.generateContent({ model: thinker, contents: [question, { role: 'model', parts }, result], config });
  assert.match(second.text, /^Results: get_weather said sunny/);
});

test('a forged signature is refused by the provider that signs', only(speaksGemini, 'only Gemini verifies them'), async () => {
  const contents = [userTurn({ text: 'Hi' }), { role: 'model', parts: [{ functionCall: { name: 'get_weather', args: {} }, thoughtSignature: 'Zm9yZ2Vk' }] }, userTurn({ functionResponse: { name: 'get_weather', response: { output: 'x' } } })];
  const error = await rejection(client.models.generateContent(ask(contents, { tools })));
  assert.equal(error.status, 400);
  assert.match(error.message, /Corrupted thought signature/);
});

test('tokens are counted without an answer', async () => {
  const { totalTokens } = await client.models.countTokens({ model, contents: 'Hello there, provider' });
  if (isClaude || speaksGemini.includes(cell)) {
    assert.equal(totalTokens, 3);
  } else {
    assert.ok(totalTokens > 0, 'an estimate');
  }
});

test('embeddings have the size that was asked for', only([...speaksGemini, 'openai', 'azure-openai'], 'Anthropic has no embeddings'), async () => {
  const embedder = required('AIORLEANS_EMBEDDER');
  const { embeddings } = await client.models.embedContent({ model: embedder, contents: ['one text', 'another much longer text'], config: { outputDimensionality: 16 } });
  assert.deepEqual(embeddings.map((embedding) => embedding.values.length), [16, 16]);
  assert.notDeepEqual(embeddings[0].values, embeddings[1].values);
  const again = await client.models.embedContent({ model: embedder, contents: 'one text', config: { outputDimensionality: 16 } });
  assert.deepEqual(again.embeddings[0].values, embeddings[0].values);
});

test('several answers at once, where the provider can', async () => {
  const call = client.models.generateContent(ask('Hello', { candidateCount: 2 }));
  if (isClaude) {
    refused(await rejection(call), 'UNSUPPORTED_PARAMETER', 'generationConfig.candidateCount');
  } else {
    assert.deepEqual((await call).candidates.map((candidate) => plainly(candidate.content.parts[0].text)), ['You said: Hello', 'You said: Hello']);
  }
});

test('a seed arrives, or is refused by name, or is left out where that was asked for', async () => {
  const request = ask('Hello', { seed: 7 });
  if (!isClaude) {
    assert.match((await client.models.generateContent(request)).text, /seed=7/);
    return;
  }
  refused(await rejection(client.models.generateContent(request)), 'UNSUPPORTED_PARAMETER', 'generationConfig.seed');
  const dropping = clientOf(key, { headers: { 'x-aiorleans-drop-params': 'true' } });
  assert.equal(plainly((await dropping.models.generateContent(request)).text), 'You said: Hello');
});

test('what is kept at Google is no other provider\'s', async () => {
  const error = await rejection(client.models.generateContent(ask('Hello', { cachedContent: 'cachedContents/abc' })));
  if (isDirect) {
    assert.match(error.message, /CachedContent not found/);
  } else if (cell === 'gemini') {
    // A 403, as for a key that may not do this: the gateway takes it for its own trouble.
    assert.equal(error.status, 502);
  } else {
    refused(error, 'UNSUPPORTED_CONTENT', 'cachedContent');
  }
});

test('a wrong key is refused and not repeated', async () => {
  const error = await rejection(clientOf('sk-wrong-key-of-someone').models.generateContent(ask('Hello')));
  assert.ok(error instanceof ApiError);
  // Google itself answers 400.
  assert.equal(error.status, isDirect ? 400 : 401);
  assert.doesNotMatch(error.message, /sk-wrong-key-of-someone/);
});

test('an unknown model is not found', async () => {
  const error = await rejection(client.models.generateContent({ ...ask('Hello'), model: 'no-such' }));
  assert.equal(error.status, 404);
  assert.equal(JSON.parse(error.message).error.status, 'NOT_FOUND');
});

test('missing contents are named', async () => {
  const response = await fetch(new URL(`/v1beta/models/${model}:generateContent`, url), { method: 'POST', headers: { 'x-goog-api-key': key, 'content-type': 'application/json' }, body: '{}' });
  const { error } = await response.json();
  assert.equal(response.status, 400);
  assert.deepEqual([error.code, error.status], [400, 'INVALID_ARGUMENT']);
  assert.match(error.message, /contents/);
});

test('what the provider calls a mistake is a 400 in its words', async () => {
  const error = await rejection(client.models.generateContent({ ...ask('Hello'), model: `${model}.fault-400` }));
  assert.equal(error.status, 400);
  assert.match(error.message, /temperature|too long|input token count/);
});

test("the gateway's own trouble at the provider is not the client's", except(['direct'], 'there is no gateway'), async () => {
  for (const [fault, status] of [['401', 502], ['403', 502], ['500', 502], ['429', 503], ['babbles', 502], ['resets-first', 502]]) {
    const error = await rejection(client.models.generateContent({ ...ask('Hello'), model: `${model}.fault-${fault}` }));
    assert.equal(error.status, status, `${fault}: ${error.message}`);
    const told = JSON.parse(error.message).error;
    assert.equal(told.status, 'UNAVAILABLE', fault);
    assert.equal(told.details[0].reason, 'PROVIDER_FAILED', fault);
    assert.doesNotMatch(error.message, /canary/);
  }
});

test('errors of the provider have their status', only(['direct'], 'the gateway has errors of its own'), async () => {
  for (const status of [401, 403, 404, 429, 500, 503, 504]) {
    const error = await rejection(client.models.generateContent({ ...ask('Hello'), model: `${model}.fault-${status}` }));
    assert.ok(error instanceof ApiError);
    assert.equal(error.status, status);
  }
});

test('the client retries what failed once', async () => {
  for (const fault of ['500', '429']) {
    const { statuses, fetch: counted } = counting();
    const patient = new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: url.href.replace(/\/$/, ''), fetch: counted, retryOptions: { attempts: 3, initialDelay: isDirect ? 0.05 : 1.5 } } });
    const answer = await patient.models.generateContent({ ...ask('Hello'), model: `${model}.once-${fault}` });
    assert.equal(plainly(answer.text), 'You said: Hello');
    assert.equal(statuses.length, 2, `${fault}: ${statuses}`);
    assert.equal(statuses[1], 200);
  }
});

test('a stream that breaks is an error or lacks its reason, never half an answer for a whole one', async () => {
  for (const fault of ['overloads', 'resets', 'truncates']) {
    let text = '';
    let reason = null;
    let error = null;
    try {
      for await (const chunk of await client.models.generateContentStream({ ...ask('Count to 40.'), model: `${model}.fault-${fault}` })) {
        text += chunk.text ?? '';
        reason = chunk.candidates?.[0]?.finishReason ?? reason;
      }
    } catch (thrown) {
      error = thrown;
    }
    assert.match(text, /^1 2 3/, fault);
    assert.equal(reason, null, fault);
    if (!isDirect || fault !== 'truncates') {
      assert.ok(error, fault);
    }
  }
});

test('an aborted stream is an error and the client goes on', async () => {
  const abort = new AbortController();
  let words = 0;
  const error = await rejection((async () => {
    for await (const chunk of await client.models.generateContentStream({ ...ask('Count to 200.', { abortSignal: abort.signal }), model: `${model}.fault-crawls` })) {
      words += chunk.text ? 1 : 0;
      if (words === 3) {
        abort.abort();
      }
    }
  })());
  assert.match(`${error.name} ${error.message}`, /abort/i);
  assert.ok(words < 200);
  assert.ok((await client.models.generateContent(ask('Hello'))).text);
});

test('an aborted call is an error', async () => {
  const abort = new AbortController();
  const call = client.models.generateContent({ ...ask('Hello', { abortSignal: abort.signal }), model: `${model}.fault-keeps-silent` });
  setTimeout(() => abort.abort(), 200);
  assert.match(`${(await rejection(call)).message}`, /abort/i);
});

// Without the parameters that the fake tells; Anthropic always gets a bound.
function plainly(text) {
  return text.replace(/ \| Settings: .*$/, '');
}

// The gateway puts its code and the field into an ErrorInfo.
function refused(error, reason, field) {
  assert.ok(error instanceof ApiError, `${error}`);
  assert.equal(error.status, 400);
  const { error: told } = JSON.parse(error.message);
  assert.equal(told.status, 'INVALID_ARGUMENT');
  assert.equal(told.details[0].reason, reason);
  assert.equal(told.details[0].metadata.field, field);
}

// The unmodified clients of Anthropic and Google against simulated providers, which only say words; OpenAI's has openai.test.js. Needs the models sim-1 and slow, and
//   AIORLEANS_URL  where the gateway listens, without a version
//   AIORLEANS_KEY  a key that may use both models
import assert from 'node:assert/strict';
import test from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';

const baseURL = process.env.AIORLEANS_URL.replace(/\/$/, '');
const apiKey = process.env.AIORLEANS_KEY;
const anthropic = new Anthropic({ baseURL, apiKey, maxRetries: 0 });
const google = new GoogleGenAI({ apiKey, httpOptions: { baseUrl: baseURL } });
const hello = { model: 'sim-1', max_tokens: 100, messages: [{ role: 'user', content: 'Hello' }] };

test("Anthropic's client gets words, streamed ones and their number", async () => {
  const message = await anthropic.messages.create(hello);
  assert.equal(message.stop_reason, 'end_turn');
  assert.equal(message.usage.output_tokens, message.content[0].text.split(' ').length);
  const streamed = await anthropic.messages.stream(hello).finalMessage();
  assert.equal(streamed.content[0].text, message.content[0].text);
  assert.equal(streamed.usage.output_tokens, message.usage.output_tokens);
});

test("Anthropic's client is cut by its bound, counts tokens, lists models and aborts", async () => {
  const short = await anthropic.messages.create({ ...hello, max_tokens: 3 });
  assert.equal(short.stop_reason, 'max_tokens');
  assert.equal(short.usage.output_tokens, 3);
  assert.ok((await anthropic.messages.countTokens({ model: 'sim-1', messages: hello.messages })).input_tokens > 0);
  assert.ok((await anthropic.models.list()).data.some((model) => model.id === 'sim-1'));
  const stream = anthropic.messages.stream({ ...hello, model: 'slow' });
  stream.on('text', () => stream.abort());
  await assert.rejects(stream.done(), Anthropic.APIUserAbortError);
});

test("Google's client gets words, streamed ones and their number", async () => {
  const answer = await google.models.generateContent({ model: 'sim-1', contents: 'Hello' });
  assert.equal(answer.candidates[0].finishReason, 'STOP');
  assert.equal(answer.usageMetadata.candidatesTokenCount, answer.text.split(' ').length);
  let text = '';
  for await (const chunk of await google.models.generateContentStream({ model: 'sim-1', contents: 'Hello' })) {
    text += chunk.text ?? '';
  }
  assert.equal(text, answer.text);
});

test("Google's client is cut by its bound, counts tokens, lists models and aborts", async () => {
  const short = await google.models.generateContent({ model: 'sim-1', contents: 'Hello', config: { maxOutputTokens: 3 } });
  assert.equal(short.candidates[0].finishReason, 'MAX_TOKENS');
  assert.equal(short.usageMetadata.candidatesTokenCount, 3);
  assert.ok((await google.models.countTokens({ model: 'sim-1', contents: 'Hello' })).totalTokens > 0);
  const names = [];
  for await (const model of await google.models.list()) {
    names.push(model.name);
  }
  assert.ok(names.includes('models/sim-1'));
  const abort = new AbortController();
  await assert.rejects(async () => {
    for await (const chunk of await google.models.generateContentStream({ model: 'slow', contents: 'Hello', config: { abortSignal: abort.signal } })) {
      assert.ok(chunk);
      abort.abort();
    }
  }, /abort/i);
});

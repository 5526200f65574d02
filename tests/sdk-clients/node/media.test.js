// The unmodified OpenAI client for Node against a running gateway, for images, audio and moderations. Its provider answers with known bytes; needed are the models
// dall-e, tts, whisper, transcribe and omni-moderation-latest, and
//   AIORLEANS_URL  where it listens, without /v1
//   AIORLEANS_KEY  a key that may use them
import assert from 'node:assert/strict';
import test from 'node:test';
import OpenAI, { toFile } from 'openai';

const client = new OpenAI({ baseURL: new URL('/v1', process.env.AIORLEANS_URL).href, apiKey: process.env.AIORLEANS_KEY, maxRetries: 0 });
const sound = Buffer.from(Array.from({ length: 70_000 }, (_, i) => (i * 31) % 251));

test('an image is made', async () => {
  const images = await client.images.generate({ model: 'dall-e', prompt: 'A cat', n: 1 });
  assert.equal(images.data[0].b64_json, 'AAAA');
});

test('images are edited, from a form with several files', async () => {
  const image = [await toFile(sound, 'ä "1".png', { type: 'image/png' }), await toFile(sound, '2.png', { type: 'image/png' })];
  const images = await client.images.edit({ model: 'dall-e', prompt: 'A dog', image });
  assert.equal(images.data[0].b64_json, 'AAAA');
});

test('speech is spoken', async () => {
  const response = await client.audio.speech.create({ model: 'tts', voice: 'alloy', input: 'Hello' });
  assert.deepEqual(Buffer.from(await response.arrayBuffer()), sound);
  assert.equal(response.headers.get('x-aiorleans-cost-usd'), '0.000075');
});

test('speech is heard, whole and as a stream', async () => {
  const heard = await client.audio.transcriptions.create({ model: 'whisper', file: await toFile(sound, 'a.mp3') });
  assert.equal(heard.text, 'Hello');
  let text = '';
  for await (const event of await client.audio.transcriptions.create({ model: 'transcribe', file: await toFile(sound, 'a.mp3'), stream: true })) {
    text += event.type === 'transcript.text.delta' ? event.delta : '';
  }

  assert.equal(text, 'Hello');
});

test('a text is moderated, by the model that is meant when none is named', async () => {
  const verdict = await client.moderations.create({ input: 'x' });
  assert.equal(verdict.results[0].flagged, true);
});

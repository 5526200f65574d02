// Files and batches with the unmodified OpenAI client for Node, through the gateway; see cell.js.
import assert from 'node:assert/strict';
import test from 'node:test';
import OpenAI, { toFile } from 'openai';
import { all, key, rejection, required, url } from './cell.js';

const model = required('AIORLEANS_MODEL');
const client = new OpenAI({ baseURL: new URL('/v1', url).href, apiKey: key, maxRetries: 0 });
const call = (id, content) => JSON.stringify({ custom_id: id, method: 'POST', url: '/v1/chat/completions', body: { model, messages: [{ role: 'user', content }], max_completion_tokens: 60 } });

test('a file goes up, is listed, read and deleted', async () => {
  const file = await client.files.create({ file: await toFile(Buffer.from('Grüße an alle'), 'notes.txt'), purpose: 'user_data' });
  assert.equal(file.filename, 'notes.txt');
  assert.deepEqual(await client.files.retrieve(file.id), file);
  assert.equal(await (await client.files.content(file.id)).text(), 'Grüße an alle');
  assert.ok((await all(client.files.list())).some((listed) => listed.id === file.id));
  assert.equal((await client.files.delete(file.id)).deleted, true);
  assert.ok((await rejection(client.files.retrieve(file.id))) instanceof OpenAI.NotFoundError);
});

test('lists go on over pages by themselves', async () => {
  const made = [];
  for (let index = 0; index < 3; index++) {
    made.push((await client.files.create({ file: await toFile(Buffer.from(`text ${index}`), `${index}.txt`), purpose: 'vision' })).id);
  }
  assert.deepEqual((await all(client.files.list({ purpose: 'vision', limit: 2 }))).map((file) => file.id), made.reverse());
});

test('a batch runs to its end, and its answers are told by the ids of its calls', async () => {
  const file = await client.files.create({ file: await toFile(Buffer.from(`${call('one', 'Hello there')}\n${call('two', 'Count to 5.')}\n`), 'calls.jsonl'), purpose: 'batch' });
  let batch = await client.batches.create({ input_file_id: file.id, endpoint: '/v1/chat/completions', completion_window: '24h', metadata: { team: 'blue' } });
  for (let looks = 0; looks < 10 && batch.status !== 'completed'; looks++) {
    batch = await client.batches.retrieve(batch.id);
  }
  assert.equal(batch.status, 'completed');
  assert.equal(batch.metadata.team, 'blue');
  assert.equal(batch.request_counts.completed, 2);
  const lines = (await (await client.files.content(batch.output_file_id)).text()).trim().split('\n').map((line) => JSON.parse(line));
  assert.deepEqual(lines.map((line) => line.custom_id), ['one', 'two']);
  assert.equal(lines[1].response.body.choices[0].message.content, '1 2 3 4 5');
  assert.ok((await all(client.batches.list())).some((listed) => listed.id === batch.id && listed.status === 'completed'));
});

test('a batch can be cancelled', async () => {
  const file = await client.files.create({ file: await toFile(Buffer.from(call('one', 'Hello')), 'calls.jsonl'), purpose: 'batch' });
  const batch = await client.batches.create({ input_file_id: file.id, endpoint: '/v1/chat/completions', completion_window: '24h', metadata: { ends: 'never' } });
  assert.equal((await client.batches.cancel(batch.id)).status, 'cancelling');
  await client.batches.retrieve(batch.id);
  assert.equal((await client.batches.retrieve(batch.id)).status, 'cancelled');
});

test('mistakes and unknown ids are errors by their type', async () => {
  const mistaken = await rejection(client.files.create({ file: await toFile(Buffer.from('no json'), 'calls.jsonl'), purpose: 'batch' }));
  assert.ok(mistaken instanceof OpenAI.BadRequestError);
  assert.match(mistaken.message, /Line 1 of the batch/);
  assert.ok((await rejection(client.batches.retrieve('batch_none'))) instanceof OpenAI.NotFoundError);
  assert.ok((await rejection(client.files.content('file-none'))) instanceof OpenAI.NotFoundError);
});

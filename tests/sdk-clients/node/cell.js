// What the suites share. A cell is one client against one kind of provider, through a running gateway or at the provider itself:
//   AIORLEANS_URL      where it listens, without a version
//   AIORLEANS_KEY      a key that may use all models and is hardly limited
//   AIORLEANS_CELL     openai, azure-openai, anthropic, gemini, bedrock or simulated: what the models below are served by; direct: there is no gateway between
//   AIORLEANS_MODEL    a model, and AIORLEANS_THINKER one that thinks when it is asked to
// At each model's name followed by .fault-429 and so on something goes wrong (tests/AIOrleans.Testing/FakeUpstream/ModelServers/ModelFault.cs).
import assert from 'node:assert/strict';

export const cell = required('AIORLEANS_CELL');
export const url = new URL(required('AIORLEANS_URL'));
export const key = required('AIORLEANS_KEY');
export const isDirect = cell === 'direct';

// The fake providers read exactly one token for each word, and 85 for each image or file.
export const tokens = (...texts) => texts.join(' ').split(/\s+/).filter(Boolean).length;
export const mediaTokens = 85;

export const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
export const pdf = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n').toString('base64');
export const bytes = (base64) => `${Buffer.from(base64, 'base64').length} bytes`;

export const weather = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};

export const report = {
  type: 'object',
  properties: { summary: { type: 'string' }, score: { type: 'integer' }, good: { type: 'boolean' }, tags: { type: 'array', items: { type: 'string' } } },
  required: ['summary', 'score', 'good', 'tags'],
  additionalProperties: false,
};

export function required(name) {
  const value = process.env[name];
  assert.ok(value, `${name} is not set`);
  return value;
}

export async function rejection(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  assert.fail('the call was expected to fail');
}

// Counts the HTTP calls behind one call of a client.
export function counting() {
  const statuses = [];
  const counted = async (address, init) => {
    const response = await fetch(address, init);
    statuses.push(response.status);
    return response;
  };
  return { statuses, fetch: counted };
}

// Options of a test that only some cells can pass: with a reason for the others.
export function only(cells, why) {
  return { skip: cells.includes(cell) ? false : why };
}

export function except(cells, why) {
  return { skip: cells.includes(cell) ? why : false };
}

export async function all(stream) {
  const items = [];
  for await (const item of stream) {
    items.push(item);
  }
  return items;
}

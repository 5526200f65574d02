// Fits the weights to the half of the corpus that is marked for it, prints the errors on the other half, and writes src/AIOrleans.Protocols/Tokens/FittedWeights.cs.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import mistral from 'mistral-tokenizer-js';
import { TRAITS, scan } from './scan.js';

const require = createRequire(import.meta.url);
const o200k = require('gpt-tokenizer/encoding/o200k_base');
const cl100k = require('gpt-tokenizer/encoding/cl100k_base');
const claude = require('@anthropic-ai/tokenizer').getTokenizer();
const corpus = JSON.parse(readFileSync(new URL('../AIOrleans.Protocols.Tests/Tokens/corpus.json', import.meta.url), 'utf8'));
const FAMILIES = ['Unknown', 'O200k', 'Cl100k', 'Claude', 'Gemini', 'Llama', 'SentencePiece'];

/** Most calls are in these: an error there weighs more. */
const WEIGHTS = { english: 8, dialogue: 2, csharp: 4, python: 2, typescript: 2, markdown: 2 };

// Unknown is fitted to the most that any family needs.
const tokensOf = (sample, family) => family === 'Unknown' ? Math.max(...Object.values(sample.tokens)) : sample.tokens[family];

/** Solves least squares of the rows against the targets, with weights, a pull of `pull` towards `prior`, and nothing below zero. */
function solve(rows, targets, weights, pull, prior, floor) {
  const n = prior.length;
  const gram = new Float64Array(n * n);
  const right = Float64Array.from(prior, p => pull * p);
  rows.forEach((row, k) => {
    for (let i = 0; i < n; i++) {
      if (row[i] === 0) continue;
      right[i] += weights[k] * row[i] * targets[k];
      for (let j = 0; j < n; j++) gram[i * n + j] += weights[k] * row[i] * row[j];
    }
  });
  const found = new Float64Array(n);
  for (let round = 0; round < (n > 100 ? 200 : 3000); round++) {
    for (let i = 0; i < n; i++) {
      let rest = right[i];
      for (let j = 0; j < n; j++) if (j !== i) rest -= gram[i * n + j] * found[j];
      found[i] = Math.max(floor, rest / (gram[i * n + i] + pull));
    }
  }

  return found;
}

/** How rare each pair of letters is, 0..3: what it adds to the tokens of the words that have it. */
function findRarities() {
  const words = new Map();
  for (const { half, text } of corpus) {
    if (half !== 'fit') continue;
    for (const [word] of text.normalize('NFKC').matchAll(/ ?[A-Za-z]{2,24}/g)) {
      if (!/[A-Za-z][A-Z]/.test(word)) words.set(word, (words.get(word) ?? 0) + 1);
    }
  }

  const [rows, targets, weights] = [[], [], []];
  const met = new Uint8Array(26 * 26);
  for (const [word, times] of words) {
    const counts = [o200k.encode(word).length, cl100k.encode(word).length, claude.encode(word).length, Math.max(1, mistral.encode(word.trimStart(), false, true).length)];
    const row = new Float64Array(26 * 26);
    const letters = [...word.trimStart().toLowerCase()].map(c => c.charCodeAt(0) - 97);
    for (let i = 1; i < letters.length; i++) {
      row[letters[i - 1] * 26 + letters[i]]++;
      met[letters[i - 1] * 26 + letters[i]] = 1;
    }

    rows.push(row);
    targets.push(counts.reduce((sum, n) => sum + n) / counts.length - 1);
    weights.push(Math.sqrt(times));
  }

  return [...solve(rows, targets, weights, 3, new Float64Array(26 * 26).fill(0.22), -Infinity)].map((cost, pair) => !met[pair] || cost >= 0.33 ? 3 : cost >= 0.2 ? 2 : cost >= 0.08 ? 1 : 0);
}

const priorOf = trait => /^(Near|Far)/.test(trait) ? 0.15 : /Long$/.test(trait) ? 0.05 : trait === 'Word' ? 0.8 : 0.4;

const rarities = findRarities();
const fit = corpus.filter(sample => sample.half === 'fit');
const rows = fit.map(sample => scan(sample.text, rarities));
const fitted = Object.fromEntries(FAMILIES.map(family => {
  const targets = fit.map(sample => tokensOf(sample, family));
  const weights = fit.map(({ kind }, i) => (WEIGHTS[kind] ?? 1) / targets[i] ** 2);
  return [family, [...solve(rows, targets, weights, 0.01, TRAITS.map(priorOf), 0)].map(weight => Math.round(weight * 1000))];
}));

const percent = n => `${Math.round(100 * n)}`.padStart(5);
console.log('mean error on the half that was not fitted, in percent');
console.log('kind'.padEnd(18), FAMILIES.map(family => family.slice(0, 6).padStart(7)).join(''));
for (const kind of [...new Set(corpus.map(sample => sample.kind))]) {
  const kept = corpus.filter(sample => sample.kind === kind && sample.half === 'check');
  console.log(kind.padEnd(18), FAMILIES.map(family => {
    const errors = kept.map(sample => {
      const estimate = scan(sample.text, rarities).reduce((sum, n, i) => sum + n * fitted[family][i], 0) / 1000;
      return Math.abs(estimate / tokensOf(sample, family) - 1);
    });
    return percent(errors.reduce((sum, error) => sum + error, 0) / errors.length).padStart(7);
  }).join(''));
}

const table = TRAITS.map((trait, i) => `        /* ${trait.padEnd(16)} */ ${FAMILIES.map(family => `${fitted[family][i]},`.padStart(6)).join('')}`).join('\n');
const pairs = Array.from({ length: 26 }, (_, i) => `        "${rarities.slice(i * 26, i * 26 + 26).join('')}"u8`).join(' +\n');
writeFileSync(new URL('../../src/AIOrleans.Protocols/Tokens/FittedWeights.cs', import.meta.url), `namespace AIOrleans.Protocols.Tokens;

/// <summary>What each trait of a text adds to its tokens, by family. Written by <c>tests/tokens/fit.js</c>: not to be edited.</summary>
/// <remarks>
/// Least squares over relative errors, nothing below zero, on one half of <c>tests/AIOrleans.Protocols.Tests/Tokens/corpus.json</c>: ${corpus.length} samples of ${new Set(corpus.map(sample => sample.kind)).size} languages
/// and kinds with the true counts of published tokenizers. How far off they are on the other half is in <c>docs/protocols.md</c>.
/// </remarks>
internal static class FittedWeights
{
    /// <summary>Thousandths of a token: a row for each <see cref="Trait"/>, a column for each <see cref="TokenFamily"/>.</summary>
    public static ReadOnlySpan<ushort> Rows =>
    [
        // ${FAMILIES.join(', ')}
${table}
    ];

    /// <summary>How rare a pair of letters is, '0' to '3': a row for the first, a column for the second, both a to z.</summary>
    public static ReadOnlySpan<byte> Rarities =>
${pairs};
}
`);

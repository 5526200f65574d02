// The samples of the corpus: texts/<kind>.txt, written for it, and kinds that a seeded generator makes. Always the same for the same sources.
import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('texts/', import.meta.url);

/** Every sample as { kind, text }, in a fixed order. */
export function samples() {
  const all = [];
  for (const file of readdirSync(folder).filter(name => name.endsWith('.txt')).sort()) {
    const text = readFileSync(new URL(file, folder), 'utf8').trimEnd();
    for (const part of text.split(text.includes('\n%%\n') ? '\n%%\n' : /\n\n+/)) all.push({ kind: file.slice(0, -4), text: part });
  }

  for (const [kind, make] of Object.entries(made)) {
    const random = generator(kind);
    for (let i = 0; i < (kind === 'repeated-chars' ? 16 : 8); i++) all.push({ kind, text: make(random, i) });
  }

  return all;
}

/** A 32-bit multiply-and-xor generator, seeded by the name of the kind. */
function generator(name) {
  let state = 0x9e3779b9;
  for (const c of name) state = Math.imul(state ^ c.codePointAt(0), 0x85ebca6b) >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  return {
    below: n => Math.floor(next() * n),
    between: (low, high) => low + Math.floor(next() * (high - low + 1)),
    of: list => list[Math.floor(next() * list.length)],
  };
}

const times = (n, make) => Array.from({ length: n }, (_, i) => make(i));
const pad = (n, width) => String(n).padStart(width, '0');
const HEX = '0123456789abcdef';
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const hex = (r, n) => times(n, () => HEX[r.below(16)]).join('');
const base64 = (r, n) => times(n, () => BASE64[r.below(64)]).join('');
const uuid = r => [8, 4, 4, 4, 12].map(n => hex(r, n)).join('-');
const date = r => `20${pad(r.between(18, 26), 2)}-${pad(r.between(1, 12), 2)}-${pad(r.between(1, 28), 2)}`;
const clock = r => `${pad(r.below(24), 2)}:${pad(r.below(60), 2)}:${pad(r.below(60), 2)}`;
const money = r => `${r.between(1, 9999)}.${pad(r.below(100), 2)}`;

const NAMES = ['Alice Moreau', 'Jürgen Weiß', 'Priya Nair', 'Tom Okafor', 'Yuki Tanaka', 'Ewa Kowalska', 'Luis Ortega', 'Sara Lindqvist', 'Omar Haddad', 'Grace Kim'];
const CITIES = ['Berlin', 'Lyon', 'Porto', 'Chicago', 'Nairobi', 'Osaka', 'Kraków', 'Uppsala', 'Mumbai', 'Toronto'];
const FIELDS = ['id', 'name', 'status', 'createdAt', 'updatedAt', 'quantity', 'unitPrice', 'customerId', 'tags', 'description', 'isActive', 'parentId', 'items', 'address',
  'shipping_method', 'retry_count', 'error_code', 'max_tokens', 'latency_ms', 'region'];
const WORDS = ['pending', 'shipped', 'cancelled', 'blue', 'eu-west-1', 'warehouse', 'express', 'invoice', 'a short note', 'see attachment', 'high', 'customer asked twice', 'n/a'];
const SERVICES = ['gateway', 'orders-api', 'billing', 'auth', 'scheduler', 'search-indexer'];
const HOSTS = ['example.com', 'shop.example.org', 'api.example.net', 'docs.example.io', 'files.internal.example'];

const value = (r, depth) => {
  switch (r.below(depth > 0 ? 9 : 7)) {
    case 0: return r.below(100000);
    case 1: return r.below(2) === 0;
    case 2: return `${date(r)}T${clock(r)}Z`;
    case 3: return uuid(r);
    case 4: return Number(money(r));
    case 5: return r.of(NAMES);
    case 6: return r.of(WORDS);
    case 7: return times(r.between(1, 4), () => value(r, 0));
    default: return record(r, depth - 1);
  }
};
const record = (r, depth) => Object.fromEntries(times(r.between(4, 7), () => [r.of(FIELDS), value(r, depth)]));

const tool = r => ({
  type: 'function',
  function: {
    name: `${r.of(['get', 'list', 'create', 'delete', 'search'])}_${r.of(['orders', 'customers', 'invoices', 'weather', 'files'])}`,
    description: r.of(['Looks up records by their fields and returns the newest first.', 'Returns the current conditions at a place.', 'Creates one entry; fails when it exists already.']),
    parameters: {
      type: 'object',
      properties: Object.fromEntries(times(r.between(2, 5), () => [r.of(FIELDS), { type: r.of(['string', 'integer', 'boolean']), description: `The ${r.of(WORDS)} of the record` }])),
      required: [r.of(FIELDS)],
    },
  },
});

const EMOJI = ['😀', '😂', '🥰', '😭', '🙏', '🔥', '👍', '👍🏽', '❤️', '🎉', '💯', '🤔', '😅', '👀', '🚀', '✨', '🐶', '🍕', '☕', '🏖️', '🇩🇪', '🇯🇵', '👨‍👩‍👧', '🤷‍♀️', '✅', '❌'];
const CHAT = ['omg', 'that is so good', 'haha', 'see you there', 'no way', 'congrats', 'miss you', 'on my way', 'good morning', 'who else is in', 'love it', 'thanks a lot', 'let me check', 'great news', 'happy birthday'];

const xmlNode = (r, depth, indent) => {
  const name = r.of(['order', 'customer', 'line', 'address', 'note', 'price', 'shipTo', 'Item']);
  const attributes = r.below(2) ? ` id="${r.below(10000)}"` : r.below(3) ? '' : ` xsi:type="${name}Type"`;
  return depth === 0
    ? `${indent}<${name}${attributes}>${r.of([...WORDS, ...NAMES, ...CITIES])}</${name}>`
    : `${indent}<${name}${attributes}>\n${times(r.between(2, 3), () => xmlNode(r, depth - 1, `${indent}  `)).join('\n')}\n${indent}</${name}>`;
};

const LOGS = [
  r => `Request ${uuid(r)} finished in ${r.below(3000)} ms with status ${r.of([200, 201, 204, 400, 404, 429, 500, 503])}`,
  r => `Connection to ${r.between(10, 192)}.${r.below(256)}.${r.below(256)}.${r.below(256)}:${r.of([5432, 6379, 8080])} refused, retry ${r.between(1, 5)} of 5`,
  r => `cache miss key=user:${r.below(100000)}:profile ttl=${r.below(3600)}s`,
  r => `GC gen${r.below(3)} pause=${r.below(90)}.${r.below(10)}ms heap=${r.below(4096)}MiB`,
  r => `Unhandled exception: System.InvalidOperationException: Sequence contains no elements\n   at Shop.Orders.OrderService.<LoadAsync>d__${r.below(40)}.MoveNext() in /src/Orders/OrderService.cs:line ${r.below(400)}`,
  r => `user ${r.below(90000)} logged in from ${r.of(CITIES)}`,
];

const made = {
  emoji: r => times(14, () => `${r.of(CHAT)} ${times(r.between(1, 4), () => r.of(EMOJI)).join('')}`).join('\n'),
  'json-pretty': r => JSON.stringify(times(2, () => record(r, 2)), null, r.of([2, 4])),
  'json-compact': r => JSON.stringify(times(3, () => record(r, 2))),
  'json-tools': r => JSON.stringify(times(2, () => tool(r))),
  xml: r => `<?xml version="1.0" encoding="UTF-8"?>\n${xmlNode(r, 3, '')}`,
  html: r => `<div class="card ${r.of(['wide', 'dark', 'mt-4 px-2'])}" id="c${r.below(99)}">\n${times(5, () => `  <a href="https://${r.of(HOSTS)}/${r.of(FIELDS)}/${r.below(1000)}" target="_blank"><img src="/img/${hex(r, 8)}.png" alt="${r.of(CITIES)}" width="${r.below(900)}"></a>\n  <p style="color:#${hex(r, 6)};margin:0 ${r.below(20)}px">${r.of(NAMES)} &mdash; ${r.of(WORDS)}</p>`).join('\n')}\n</div>`,
  logs: r => times(8, () => `${date(r)} ${clock(r)}.${pad(r.below(1000), 3)} [${r.of(['INF', 'WRN', 'ERR', 'DBG'])}] ${r.of(SERVICES)}: ${r.of(LOGS)(r)}`).join('\n'),
  csv: r => ['id;date;name;city;amount;currency', ...times(14, () => [r.below(100000), date(r), r.of(NAMES), r.of(CITIES), money(r), r.of(['EUR', 'USD', 'GBP'])].join(';'))].join('\n').replaceAll(';', r.of([';', ',', '\t'])),
  numbers: (r, i) => times(60, () => [() => r.below(10 ** r.between(1, 9)), () => money(r), () => (r.below(2000000) / 1000000 - 1).toFixed(6), () => r.below(100)][i % 4]()).join(r.of([' ', ', ', '\n', '\t'])),
  base64: (r, i) => i % 2 ? `data:image/png;base64,${base64(r, 500)}==` : times(7, () => base64(r, 76)).join('\n'),
  jwt: r => times(2, () => `eyJ${base64(r, 33)}.eyJ${base64(r, 160)}.${base64(r, 43)}`).join('\n').replaceAll('+', '-').replaceAll('/', '_'),
  hex: (r, i) => i % 2 ? times(8, () => hex(r, 64)).join('\n') : times(12, j => `${pad((j * 16).toString(16), 8)}  ${times(16, () => hex(r, 2)).join(' ')}`).join('\n'),
  uuids: r => times(14, () => uuid(r)).join('\n'),
  urls: r => times(10, () => `https://${r.of(HOSTS)}/${r.of(['v1', 'en', 'blog', 'products', 'a/b'])}/${r.of(FIELDS)}/${r.of([r.below(100000), uuid(r), 'how-to-choose-a-bicycle', 'index.html'])}?utm_source=${r.of(['newsletter', 'ads'])}&page=${r.below(50)}&q=${encodeURIComponent(r.of([...WORDS, ...NAMES]))}`).join('\n'),
  'markdown-table': r => ['| Name | City | Amount | Note |', '|------|:-----|-------:|------|', ...times(10, () => `| ${r.of(NAMES)} | ${r.of(CITIES).padEnd(10)} | ${money(r).padStart(9)} | ${r.of(WORDS)} |`)].join('\n'),
  'repeated-chars': (r, i) => {
    const [one, least, most] = [['a', 200, 500], ['=', 100, 400], [' ', 100, 400], ['-----\n', 20, 60], ['ha', 50, 150], ['0', 100, 300], ['\n', 50, 200], ['.', 100, 400]][i >> 1];
    const other = { a: 'z', '=': '#', ha: 'no', 0: '7', '.': '*' };
    return 'x' + (i % 2 ? other[one] ?? one : one).repeat(r.between(least, most)) + 'x';
  },
  mixed: r => times(4, () => r.of([
    `请帮我看一下这段代码：\`foo.${r.of(FIELDS)}(${r.below(100)})\` 为什么会抛出 NullReferenceException？`, `この API の ${r.of(FIELDS)} パラメータは optional ですか？ 例: ?page=${r.below(99)}`,
    `${r.of(FIELDS)} 값이 null 이면 default 를 사용합니다 (v${r.below(9)}.${r.below(9)})`, `Поле ${r.of(FIELDS)} в JSON должно быть типа ${r.of(['string', 'integer'])}, см. RFC ${r.below(9999)}`,
    `The word "${r.of(['Schadenfreude', 'naïveté', 'saudade', 'hygge', '木漏れ日'])}" has no exact translation (${r.of(CITIES)}, ${date(r)}).`])).join('\n'),
  dialogue: r => times(6, j => `${j % 2 ? 'Assistant' : 'User'}: ${r.of(['Could you check the order of', 'Please write a reply to', 'What do we know about', 'I talked to'])} ${r.of(NAMES)} in ${r.of(CITIES)}${r.of([', it is urgent.', '?', ' about the invoice over $' + money(r) + '.', ' before ' + date(r) + '!'])} ${r.of(['Thanks.', 'The last message says "' + r.of(WORDS) + '".', "I couldn't find it; they've moved."])}`).join('\n\n'),
};

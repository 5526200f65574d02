// What src/AIOrleans.Protocols/Tokens/TokenScan.cs finds in a text, as counts: the fit needs them one by one. Change both or none.

export const TRAITS = [
  'Word', 'UpperInWord', 'Hump', 'Near0', 'Near1', 'Near2', 'Near3', 'Far0', 'Far1', 'Far2', 'Far3', 'Repeat', 'AfterForeign',
  'DigitRun', 'DigitGroup', 'Digit', 'AlphaNumeric', 'SpaceDigit', 'Spaces', 'SpacesMore', 'SpacesLong',
  'Newline', 'NewlineAfterMark', 'NewlinesMore', 'NewlinesLong', 'Tab', 'Mark', 'MarkAfterSpace', 'MarkOther', 'MarkSame', 'MarkSameLong',
  'Latin', 'LatinAdditional', 'GreekRun', 'Greek', 'CyrillicRun', 'Cyrillic', 'CyrillicFar', 'ArabicRun', 'Arabic', 'HebrewRun', 'Hebrew', 'DevanagariRun', 'Devanagari',
  'BrahmicRun', 'Brahmic', 'ThaiRun', 'Thai', 'Han', 'Kana', 'HangulRun', 'Hangul', 'EmojiRun', 'Emoji', 'Dash', 'Symbol', 'WideMark', 'OtherByte',
];

const index = Object.fromEntries(TRAITS.map((trait, i) => [trait, i]));

function scriptOf(a, b) {
  if (a === 0xc2) return 'Dash';
  if (a <= 0xcc || (a === 0xcd && b < 0xb0)) return 'Latin';
  if (a <= 0xcf) return 'Greek';
  if (a <= 0xd3 || (a === 0xd4 && b < 0xb0)) return 'Cyrillic';
  if (a <= 0xd5 || (a === 0xd6 && b < 0x90)) return 'Other';
  if (a <= 0xd7) return 'Hebrew';
  if (a <= 0xdb) return 'Arabic';
  if (a <= 0xdf) return 'Other';
  if (a === 0xe0) return b === 0xa4 || b === 0xa5 ? 'Devanagari' : b >= 0xa6 && b <= 0xb7 ? 'Brahmic' : b === 0xb8 || b === 0xb9 ? 'Thai' : 'Other';
  if (a === 0xe1) return b === 0xba || b === 0xbb ? 'LatinAdditional' : b >= 0xbc ? 'Greek' : 'Other';
  if (a === 0xe2) return b === 0x80 ? 'Dash' : 'Symbol';
  if (a === 0xe3) return b === 0x80 ? 'WideMark' : b <= 0x83 ? 'Kana' : b < 0x90 ? 'Other' : 'Han';
  if (a <= 0xe9) return 'Han';
  if (a <= 0xed) return (a > 0xea || b >= 0xb0) && (a < 0xed || b <= 0x9e) ? 'Hangul' : 'Other';
  if (a === 0xef) return b === 0xbc || b === 0xbd ? 'WideMark' : b === 0xb8 ? 'Emoji' : 'Other';
  return a === 0xf0 && b === 0x9f ? 'Emoji' : 'Other';
}

/** Counts each trait of a text. `rarities[(first - 1) * 26 + second - 1]` is how rare a pair of letters is, 0..3. */
export function scan(text, rarities) {
  const bytes = new TextEncoder().encode(text);
  const counts = new Float64Array(TRAITS.length);
  const add = (trait, n = 1) => { counts[index[trait]] += n; };
  let last = '';
  let [previous, before, place, run, isUpper] = [-1, -1, 0, 0, false];
  for (let i = 0; i < bytes.length; i++) {
    const b = bytes[i];
    const letter = (b | 32) - 97;
    if (b < 128 && letter >= 0 && letter < 26) {
      const upper = b < 97;
      if (last !== 'word') {
        add('Word');
        if (last === 'digit') add('AlphaNumeric');
        [previous, place] = [-1, 1];
      } else if (upper) {
        if (!isUpper && previous >= 0) { add('Hump'); place = 1; } else { add('UpperInWord'); place++; }
      } else {
        if (previous < 0) add('AfterForeign');
        else if (letter === previous && letter === before) add('Repeat');
        else add((place < 4 ? 'Near' : 'Far') + rarities[previous * 26 + letter]);
        place++;
      }
      [before, previous, isUpper, last] = [previous, letter, upper, 'word'];
    } else if (b >= 48 && b <= 57) {
      if (last !== 'digit') {
        add('DigitRun');
        if (last === 'word') add('AlphaNumeric');
        if (last === 'space' && run === 1) add('SpaceDigit');
        run = 0;
      }
      if (run % 3 === 0) add('DigitGroup');
      add('Digit');
      run++;
      last = 'digit';
    } else if (b === 32) {
      run = last === 'space' ? run + 1 : 1;
      if (run > 1) add(run === 2 ? 'Spaces' : run <= 16 ? 'SpacesMore' : 'SpacesLong');
      last = 'space';
    } else if (b === 10) {
      run = last === 'newline' ? run + 1 : 0;
      add(run === 0 ? (last === 'mark' ? 'NewlineAfterMark' : 'Newline') : run <= 4 ? 'NewlinesMore' : 'NewlinesLong');
      last = 'newline';
    } else if (b === 13) {
      continue;
    } else if (b === 9) {
      add('Tab');
      last = 'tab';
    } else if (b < 128) {
      if (last !== 'mark') { add(last === 'space' ? 'MarkAfterSpace' : 'Mark'); run = 0; }
      else if (b === previous) { run++; add(run < 4 ? 'MarkSame' : 'MarkSameLong'); }
      else { run = 0; add('MarkOther'); }
      [previous, last] = [b, 'mark'];
    } else if (b >= 0xc2) {
      const script = scriptOf(b, bytes[i + 1] ?? 0);
      const length = b < 0xe0 ? 2 : b < 0xf0 ? 3 : 4;
      if (script === 'Latin' || script === 'LatinAdditional') {
        if (last !== 'word') { add('Word'); place = 0; }
        add(script);
        place++;
        [previous, isUpper, last] = [-1, false, 'word'];
      } else if (script === 'Other') {
        add('OtherByte', length);
        last = script;
      } else {
        if (last !== script) { place = 0; if (`${script}Run` in index) add(`${script}Run`); }
        add(script === 'Cyrillic' && place >= 4 ? 'CyrillicFar' : script);
        place++;
        last = script;
      }
      i += length - 1;
    } else {
      add('OtherByte');
      last = 'Other';
    }
  }

  return counts;
}

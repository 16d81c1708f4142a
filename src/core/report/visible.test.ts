import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '../../../test/report/arbitrary-observed.ts';
import { visible, visibleJson, visibleLine } from './visible.ts';

const OBEYED =
  /(?![\n\t])[\p{Cc}\p{Zl}\p{Zp}\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/u;

describe('visible', () => {
  it.each([
    ['\u001b[2J', '\\u001b[2J'],
    ['a\u0000b\u007f\u009b', 'a\\u0000b\\u007f\\u009b'],
    ['exe\u202etxt', 'exe\\u202etxt'],
    ['\u200b\u2028\ufeff\u00ad', '\\u200b\\u2028\\ufeff\\u00ad'],
    ['\u2065\ufff0', '\\u2065\\ufff0'],
    ['\ud800x', '\\ud800x'],
    ['\u{e0041}', '\\u{e0041}'],
  ])('writes out %j', (text, seen) => {
    expect(visible(text)).toBe(seen);
  });

  it.each(['{\n\t"a": "ä 漢 Привет"\n}', '葛\u{e0100}', 'می\u200cخواهم', '👩\u200d🔬 🏳️', 'a\u00a0b', '﷽'])(
    'leaves %j alone',
    (text) => {
      expect(visible(text)).toBe(text);
    },
  );

  it('makes every line break the same', () => {
    expect(visible('a\r\nb\rc\nd')).toBe('a\nb\nc\nd');
  });

  it('leaves nothing that a terminal obeys, and changes nothing more the second time', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(visible(text)).not.toMatch(OBEYED);
        expect(visible(text)).not.toMatch(/\p{Cs}/u);
        expect(visible(visible(text))).toBe(visible(text));
      }),
    );
  });
});

describe('visibleLine', () => {
  it('makes one line of several', () => {
    expect(visibleLine(' a\r\n\tb\n\nc ')).toBe('a b c');
  });

  it('cuts what is too long, never in the middle of a character', () => {
    expect(visibleLine('abcdef', 6)).toBe('abcdef');
    expect(visibleLine('abcdefg', 6)).toBe('abcdef …');
    expect(visibleLine('abcde👩x', 6)).toBe('abcde …');
  });

  it('is one line for any text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(visibleLine(text)).not.toMatch(/[\n\t]|^ | $/);
      }),
    );
  });
});

describe('visibleJson', () => {
  it('hides nothing and changes no value', () => {
    fc.assert(
      fc.property(fc.dictionary(anyText, anyText, { noNullPrototype: true }), (value) => {
        const json = visibleJson(JSON.stringify(value));
        expect(json).not.toMatch(OBEYED);
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
    // Not assigned, and yet invisible.
    expect(visibleJson('"\u{e0000}"')).toBe('"\\udb40\\udc00"');
    expect(visibleJson('"\u202e\u{e0041}"')).toBe('"\\u202e\\udb40\\udc41"');
  });
});

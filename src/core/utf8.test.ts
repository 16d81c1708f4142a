import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeUtf8 } from './utf8.ts';

const bytes = (...all: number[]) => Uint8Array.from(all);

describe('decodeUtf8', () => {
  it('reads any text that was encoded, and what the platform accepts it accepts', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        fc.pre(!/\p{Surrogate}/u.test(text) && !text.startsWith('\ufeff'));
        expect(decodeUtf8(new TextEncoder().encode(text))).toEqual({ text, bad: [] });
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (raw) => {
        const { text, bad } = decodeUtf8(raw);
        const strict = new TextDecoder('utf-8', { fatal: true });
        if (bad.length === 0) expect(text).toBe(strict.decode(raw));
        else expect(() => strict.decode(raw)).toThrow();
      }),
    );
  });

  it.each([
    ['overlong', bytes(0xc0, 0xaf)],
    ['overlong of three', bytes(0xe0, 0x80, 0xaf)],
    ['a surrogate', bytes(0xed, 0xa0, 0x80)],
    ['above U+10FFFF', bytes(0xf4, 0x90, 0x80, 0x80)],
    ['cut off', bytes(0xe2, 0x82)],
  ])('refuses %s', (_, raw) => {
    expect(decodeUtf8(raw).bad[0]).toEqual({ byte: raw[0], index: 0 });
  });

  it('says where in the text the bad byte stands, after characters of two units', () => {
    const raw = bytes(...new TextEncoder().encode('a😀'), 0xff, 0x62);
    expect(decodeUtf8(raw)).toEqual({ text: 'a😀\ufffdb', bad: [{ byte: 0xff, index: 3 }] });
  });

  it('drops a byte order mark', () => {
    expect(decodeUtf8(bytes(0xef, 0xbb, 0xbf, 0x7b)).text).toBe('{');
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '../../../test/report/arbitrary-observed.ts';
import { shortened, utf8Length } from './shortened.ts';

describe('shortened', () => {
  it('leaves alone what fits, to the byte', () => {
    expect(shortened('12345', 5)).toEqual({ text: '12345' });
    expect(shortened('123456', 5)).toEqual({ text: '12345', cut: { shown: 5 } });
  });

  it('never cuts a character or an escape in half', () => {
    expect(shortened('éé', 3).text).toBe('é');
    expect(shortened('x👩', 4).text).toBe('x');
    expect(shortened('x\u001by', 6).text).toBe('x');
    expect(shortened('a\r\nbc', 3)).toEqual({ text: 'a\nb', cut: { shown: 3 } });
  });

  it('never shows more than it may', () => {
    fc.assert(
      fc.property(anyText, fc.nat(40), (text, most) => {
        const { text: shown } = shortened(text, most);
        expect(utf8Length(shown)).toBeLessThanOrEqual(most);
        expect(shortened(text, 10_000).text.startsWith(shown)).toBe(true);
      }),
    );
  });
});

describe('utf8Length', () => {
  it('is what an encoder writes', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length);
      }),
    );
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placesIn } from './places.ts';

describe('placesIn', () => {
  it('counts lines by LF, CR and CRLF, and columns by characters', () => {
    const text = 'ab\ncd\r\ne😀f\rg';
    const place = placesIn(text);
    expect(place(0)).toEqual({ line: 1, column: 1 });
    expect(place(text.indexOf('d'))).toEqual({ line: 2, column: 2 });
    expect(place(text.indexOf('f'))).toEqual({ line: 3, column: 3 });
    expect(place(text.indexOf('g'))).toEqual({ line: 4, column: 1 });
  });

  it('answers the same in any order', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '\n', '\r', 'é', '😀') }),
        fc.array(fc.nat(30)),
        (text, offsets) => {
          const place = placesIn(text);
          for (const offset of offsets) expect(place(offset)).toEqual(placesIn(text)(offset));
        },
      ),
    );
  });
});

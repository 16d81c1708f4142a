import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '../../../test/report/arbitrary-observed.ts';
import { excerpt } from './excerpt.ts';

describe('excerpt', () => {
  it('marks the place', () => {
    expect(excerpt('{\n  "a": nul\n}', { line: 2, column: 8 })).toBe('  "a": nul\n       ^');
  });

  it('keeps tabs, so that the mark stands below the place', () => {
    expect(excerpt('\t\tx: 1', { line: 1, column: 3 })).toBe('\t\tx: 1\n\t\t^');
  });

  it('shows a part of a very long line', () => {
    const [line = '', mark = ''] = (
      excerpt(`${'a'.repeat(5000)}!${'b'.repeat(5000)}`, { line: 1, column: 5001 }) ?? ''
    ).split('\n');
    expect(line.length).toBeLessThan(110);
    expect(line.charAt(mark.indexOf('^'))).toBe('!');
  });

  it('counts a character outside the basic plane, and one that must be written out, as one', () => {
    expect(excerpt('👩\u001b!', { line: 1, column: 3 })).toBe('👩\\u001b!\n       ^');
  });

  it('knows all line ends', () => {
    expect(excerpt('a\r\nb\rc\nd', { line: 4, column: 1 })).toBe('d\n^');
  });

  it('has nothing to show of a line that is not there, or blank', () => {
    expect(excerpt('a\n\n', { line: 2, column: 1 })).toBeUndefined();
    expect(excerpt('a', { line: 7, column: 1 })).toBeUndefined();
  });

  it('never fails', () => {
    fc.assert(
      fc.property(anyText, fc.nat(9), fc.nat(99), (text, line, column) => {
        expect((excerpt(text, { line, column }) ?? '\n^').split('\n')).toHaveLength(2);
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../instant.ts';
import { usdWords } from './cost-words.ts';
import { contactWords, folderOf, listWords, sentenceCase, spanWords, wrapped } from './words.ts';

describe('words', () => {
  it.each([
    [0, 'less than a minute'],
    [-5, 'less than a minute'],
    [Number.NaN, 'less than a minute'],
    [MINUTE, '1 minute'],
    [HOUR + 2 * MINUTE, '1 hour 2 minutes'],
    [2 * DAY + 4 * HOUR + 12 * MINUTE, '2 days 4 hours'],
    [DAY + 59 * MINUTE, '1 day'],
  ])('a span of %d ms is %s', (span, words) => {
    expect(spanWords(span)).toBe(words);
  });

  it('rounds money up, and calls unknown unknown', () => {
    expect(usdWords(0.001)).toBe('0.01 USD');
    expect(usdWords(12.3)).toBe('12.30 USD');
    expect(usdWords(null)).toBe('unknown');
    expect(usdWords(Number.NaN)).toBe('unknown');
  });

  it('names somebody to ask, whatever was configured', () => {
    expect(contactWords(' \n ')).toBe('your administrator');
    expect(contactWords('Dana\nit@example.org')).toBe('Dana it@example.org');
  });

  it('lists', () => {
    expect([listWords([]), listWords([1]), listWords([1, 2]), listWords([1, 2, 4])]).toEqual([
      '',
      '1',
      '1 and 2',
      '1, 2 and 4',
    ]);
  });

  it('begins a sentence with a capital, unless that would change a name', () => {
    expect(sentenceCase('the file is blank')).toBe('The file is blank');
    expect(sentenceCase('r4.lage is no type')).toBe('r4.lage is no type');
    expect(sentenceCase('"x" is no name')).toBe('"x" is no name');
  });

  it('breaks long prose between words, and nothing that is laid out already', () => {
    const lines = wrapped('word '.repeat(40).trim()).split('\n');
    expect(lines.map((line) => line.length)).toEqual([74, 74, 49]);
    expect(wrapped('x'.repeat(200))).toBe('x'.repeat(200));
    expect(wrapped(`a\n${'word '.repeat(40)}`)).toBe(`a\n${'word '.repeat(40)}`);
  });

  it('knows the folder of a key', () => {
    expect(folderOf('home/alice/p/x')).toBe('home/alice/p/');
  });
});

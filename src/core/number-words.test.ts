import { expect, it } from 'vitest';
import { numberOfWords } from './number-words.ts';

it.each([
  ['zero', 0],
  ['twenty-five', 25],
  ['Twenty Five', 25],
  ['nineteen', 19],
  ['one hundred', 100],
  ['a hundred and one', 101],
  ['two thousand five hundred', 2500],
  ['a dozen', 12],
  ['many', undefined],
  ['', undefined],
  ['twenty fivee', undefined],
  ['a', undefined],
])('%j is %j', (text, number) => {
  expect(numberOfWords(text)).toBe(number);
});

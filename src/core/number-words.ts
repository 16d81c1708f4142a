const SMALL = (
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen ' +
  'eighteen nineteen'
).split(' ');
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');

/** 25 for `twenty-five`, 100 for `one hundred`; `undefined` for anything that is not an English number below a million. */
export function numberOfWords(text: string): number | undefined {
  const words = text
    .trim()
    .toLowerCase()
    .split(/[\s-]+/)
    .filter((word) => word !== 'and' && word !== 'a');
  if (words.length === 0 || words.length > 12) return undefined;
  let total = 0;
  let group = 0;
  for (const word of words) {
    const small = SMALL.indexOf(word);
    const tens = TENS.indexOf(word);
    if (small >= 0) group += small;
    else if (tens >= 0) group += (tens + 2) * 10;
    else if (word === 'dozen') group = Math.max(group, 1) * 12;
    else if (word === 'hundred') group = Math.max(group, 1) * 100;
    else if (word === 'thousand') [total, group] = [total + Math.max(group, 1) * 1000, 0];
    else return undefined;
  }
  return total + group;
}

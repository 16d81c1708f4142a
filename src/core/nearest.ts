/** Texts longer than this are not typing mistakes of anything we know. */
const LONGEST = 80;

/**
 * How many letters to insert, delete, replace or swap with their neighbour to turn `a` into `b`
 * (Damerau-Levenshtein, restricted to one edit per place: "optimal string alignment").
 */
export function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let best = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, at(beforeLast, j - 2) + 1);
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

/** Up to `most` of `known` that `text` is most likely a slip of, all equally near; letter case does not count. */
export function nearest(text: string, known: Iterable<string>, most = 1): string[] {
  if (text.length > LONGEST) return [];
  const wanted = text.trim().toLowerCase();
  // A third of the letters may be wrong; with more, the proposal would be a guess.
  const allowed = Math.max(1, Math.floor(wanted.length / 3));
  return [...known]
    .filter((name) => Math.abs(name.length - wanted.length) <= allowed)
    .map((name) => ({ name, far: distance(wanted, name.toLowerCase()) }))
    .filter(({ far }) => far <= allowed)
    .toSorted((x, y) => x.far - y.far || (x.name < y.name ? -1 : 1))
    .filter(({ far }, _, [best]) => far === best?.far)
    .slice(0, most)
    .map(({ name }) => name);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}

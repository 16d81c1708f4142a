/** Deeper than any request of ours, and far from where a recursive writer would overflow its stack. */
const DEEPEST = 24;

/** The value of a JSON text, if writing it again is harmless and loses nothing that its reader would miss; `undefined` otherwise. */
export function plainJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  // Written and read once more: -0 and the like become what every later reader sees.
  return isPlain(value) ? JSON.parse(JSON.stringify(value)) : undefined;
}

/** True for a parsed JSON value of bounded depth, without numbers that JSON cannot write (`1e999`). */
export function isPlain(value: unknown, deepest = DEEPEST): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value !== 'object' || deepest === 0) return false;
  return Object.values(value).every((inner) => isPlain(inner, deepest - 1));
}

import { DAY, HOUR, MINUTE, SECOND } from './instant.ts';

const UNITS: ReadonlyMap<string, number> = new Map([
  ...['w', 'week', 'weeks'].map((word) => [word, 7 * DAY] as const),
  ...['d', 'day', 'days'].map((word) => [word, DAY] as const),
  ...['h', 'hour', 'hours', 'hr', 'hrs'].map((word) => [word, HOUR] as const),
  ...['m', 'min', 'mins', 'minute', 'minutes'].map((word) => [word, MINUTE] as const),
  ...['s', 'sec', 'secs', 'second', 'seconds'].map((word) => [word, SECOND] as const),
]);

/** Milliseconds of `8h`, `3d`, `90m`, `1d12h`, `1.5 days`; `undefined` if it is not a duration. A number needs its unit. */
export function durationOf(text: string): number | undefined {
  const rest = text.trim().toLowerCase();
  if (rest.length > 40 || !/^(?:\d+(?:\.\d+)?\s*[a-z]+\s*)+$/.test(rest)) return undefined;
  let total = 0;
  for (const [, count = '', word = ''] of rest.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/g)) {
    const unit = UNITS.get(word);
    if (unit === undefined) return undefined;
    total += Number(count) * unit;
  }
  return Math.round(total);
}

/** `1d12h`: what `durationOf` reads back, exact to the second (a rest below a second is cut off). */
export function durationText(milliseconds: number): string {
  let rest = Math.floor(milliseconds / SECOND) * SECOND;
  let text = '';
  for (const [name, unit] of [
    ['d', DAY],
    ['h', HOUR],
    ['m', MINUTE],
    ['s', SECOND],
  ] as const) {
    const count = Math.floor(rest / unit);
    if (count > 0) text += `${count}${name}`;
    rest -= count * unit;
  }
  return text || '0s';
}

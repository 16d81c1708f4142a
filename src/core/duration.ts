import { DAY, HOUR, MINUTE, SECOND } from './instant.ts';

const UNITS: Readonly<Record<string, number>> = {
  d: DAY,
  day: DAY,
  h: HOUR,
  hour: HOUR,
  m: MINUTE,
  min: MINUTE,
  minute: MINUTE,
  s: SECOND,
  sec: SECOND,
  second: SECOND,
  w: 7 * DAY,
  week: 7 * DAY,
};

/** Milliseconds of `8h`, `3d`, `90m`, `1d12h`, `1.5 days`; `undefined` if it is not a duration. A number needs its unit. */
export function durationOf(text: string): number | undefined {
  const rest = text.trim().toLowerCase();
  if (rest.length > 40 || !/^(?:\d+(?:\.\d+)?\s*[a-z]+\s*)+$/.test(rest)) return undefined;
  let total = 0;
  for (const [, count = '', word = ''] of rest.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/g)) {
    const unit = Object.hasOwn(UNITS, word) ? UNITS[word] : UNITS[word.replace(/s$/, '')];
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

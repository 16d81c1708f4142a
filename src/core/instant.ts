/** Milliseconds since 1970-01-01T00:00:00Z. Core never reads a clock: instants come in as arguments. */
export type Instant = number;

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const two = (n: number) => String(n).padStart(2, '0');

/** `2026-11-22T15:04:05Z`. Proleptic Gregorian, from days since the epoch (Howard Hinnant, "chrono-compatible low-level date algorithms"). */
export function isoOf(instant: Instant): string {
  const { year, month, day } = civilOf(instant);
  const seconds = Math.floor(instant / SECOND) - Math.floor(instant / DAY) * 86_400;
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}Z`;
}

/** `2026-11`, the month (UTC) that an instant falls in. */
export function monthOf(instant: Instant): string {
  return isoOf(instant).slice(0, 7);
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Sun 29 Nov 2026, 15:04 UTC`, for sentences that people read. */
export function readableOf(instant: Instant): string {
  const { year, month, day } = civilOf(instant);
  const weekday = (((Math.floor(instant / DAY) + 4) % 7) + 7) % 7;
  return `${WEEKDAYS[weekday]} ${day} ${MONTHS[month - 1]} ${year}, ${isoOf(instant).slice(11, 16)} UTC`;
}

/** The first instant of the month that `instant` falls in. */
export function monthStart(instant: Instant): Instant {
  const { day } = civilOf(instant);
  return (Math.floor(instant / DAY) - (day - 1)) * DAY;
}

/** Reads what `isoOf` writes (a fraction of a second is allowed); `undefined` for anything else. */
export function instantOf(iso: string): Instant | undefined {
  const m = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?Z$/.exec(iso);
  if (!m) return undefined;
  const [year, month, day, hour, minute, second] = m.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const milliseconds = Number((m[7] ?? '').padEnd(3, '0').slice(0, 3));
  const instant =
    daysOf(year, month, day) * DAY + hour * HOUR + minute * MINUTE + second * SECOND + milliseconds;
  // A 30th of February or a 25th hour would have been carried over.
  return isoOf(instant).slice(0, 19) === iso.slice(0, 19) ? instant : undefined;
}

function civilOf(instant: Instant): { year: number; month: number; day: number } {
  const z = Math.floor(instant / DAY) + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1,
  };
}

function daysOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return (
    era * 146_097 +
    yearOfEra * 365 +
    Math.floor(yearOfEra / 4) -
    Math.floor(yearOfEra / 100) +
    dayOfYear -
    719_468
  );
}

import { durationText } from '../core/duration.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../core/instant.ts';

/** `6d23h`, `7h12m`, `41m`, `9s`: two units are enough for a table. */
export function shortSpan(milliseconds: number): string {
  if (milliseconds <= 0) return 'now';
  const unit =
    milliseconds >= DAY
      ? HOUR
      : milliseconds >= HOUR
        ? MINUTE
        : milliseconds >= 10 * MINUTE
          ? MINUTE
          : SECOND;
  return durationText(Math.floor(milliseconds / unit) * unit);
}

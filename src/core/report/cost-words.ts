import type { Entry } from '../entry.ts';
import { costUntil } from '../ledger.ts';
import { priceText, usdText } from '../price.ts';
import { visibleLine } from './visible.ts';

/** Why every sum is one that may turn out lower. */
export const ESTIMATE =
  'an estimate: list prices, and as if every node that it may have had run all the time';

/** `12.34 USD`, rounded up. Unknown is called unknown, never zero. */
export function usdWords(usd: number | null): string {
  return usd === null || !Number.isFinite(usd) ? 'unknown' : `${usdText(usd)} USD`;
}

/** USD from the beginning to the planned end, at worst. Does not depend on the present, so it may stand in files. */
export function usdUntilEnd(entry: Entry): number | null {
  return costUntil(entry, entry.endsAt);
}

/** What a cluster will cost, for mails. */
export function costSentence(entry: Entry): string {
  const total = usdUntilEnd(entry);
  const rate = visibleLine(priceText(entry.price));
  return total === null
    ? `Cost: ${rate}. Please do not take an unknown price for a low one.`
    : `Cost: ${rate}, so at most ${usdWords(total)} until its end. It is lower when fewer nodes run.`;
}

/** USD for a file: a hundredth of a cent is more than an estimate holds. */
export function roundedUsd(usd: number | null): number | null {
  // Adding nothing makes 0 of -0, which JSON does not know.
  return usd === null || !Number.isFinite(usd) ? null : Math.ceil(usd * 10_000 - 1e-6) / 10_000 + 0;
}

/** Said beside prices where clusters are containers on one machine. */
export const NOTHING_IS_PAID =
  'Its hosts are containers on this machine, so nothing is paid: prices are what it would cost on AWS.';

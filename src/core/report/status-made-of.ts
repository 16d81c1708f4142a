import { durationText } from '../duration.ts';
import type { Entry } from '../entry.ts';
import { isoOf } from '../instant.ts';
import { priceText } from '../price.ts';
import { roundedUsd, usdUntilEnd } from './cost-words.ts';
import { settingsShown } from './settings-shown.ts';
import type { StatusFile, StatusPrice } from './status-shape.ts';

/** What a cluster is made of, what that costs at most, and when it ends. */
export function madeOf(entry: Entry): Pick<StatusFile, 'ends' | 'idleTimeout' | 'price' | 'settings'> {
  const idle = entry.settings.IdleTimeout;
  return {
    ends: isoOf(entry.endsAt),
    idleTimeout: idle === 'off' ? idle : durationText(idle),
    price: priceShown(entry),
    settings: settingsShown(entry.settings),
  };
}

function priceShown(entry: Entry): StatusPrice {
  const { usdPerHour, parts, date, region } = entry.price;
  return {
    estimate: priceText(entry.price),
    usdPerHour: roundedUsd(usdPerHour),
    usdUntilEnd: roundedUsd(usdUntilEnd(entry)),
    parts: parts.map((part) => ({ ...part, usdPerHour: roundedUsd(part.usdPerHour) })),
    date,
    region,
  };
}

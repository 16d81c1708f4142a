import { durationText } from '../duration.ts';
import type { Entry } from '../entry.ts';
import { isoOf } from '../instant.ts';
import { priceText } from '../price.ts';
import { settingText } from '../setting-text.ts';
import type { SettingName } from '../settings.ts';
import { roundedUsd, usdUntilEnd } from './cost-words.ts';
import type { StatusFile, StatusPrice } from './status-shape.ts';

/** What a cluster is made of, what that costs at most, and when it ends. */
export function madeOf(entry: Entry): Pick<StatusFile, 'ends' | 'idleTimeout' | 'price' | 'settings'> {
  const idle = entry.settings.IdleTimeout;
  return {
    ends: isoOf(entry.endsAt),
    idleTimeout: idle === 'off' ? idle : durationText(idle),
    price: priceShown(entry),
    settings: settingsShown(entry),
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

/** As a request file spells them, so that they can be copied into one; numbers stay numbers. */
function settingsShown({ settings }: Entry): Record<string, string | number> {
  const shown: Record<string, string | number> = {};
  for (const name of Object.keys(settings) as SettingName[]) {
    const value = settings[name];
    shown[name] =
      typeof value === 'number' && name !== 'Lifetime' && name !== 'IdleTimeout'
        ? value
        : settingText(name, value);
  }
  return shown;
}

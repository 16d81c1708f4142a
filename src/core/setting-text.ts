import { durationText } from './duration.ts';
import type { SettingName, Settings } from './settings.ts';

/** A value as a request file spells it, which is also how it reads in a sentence. */
export function settingText<K extends SettingName>(name: K, value: Settings[K]): string {
  if ((name === 'Lifetime' || name === 'IdleTimeout') && typeof value === 'number')
    return durationText(value);
  return typeof value === 'number' ? decimal(value) : value;
}

/** Never `1e-7`: CloudFormation and people read decimals. */
export function decimal(value: number): string {
  const text = String(value);
  return text.includes('e') ? value.toFixed(20).replace(/\.?0+$/, '') : text;
}

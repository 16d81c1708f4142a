import { settingText } from '../setting-text.ts';
import type { SettingName, Settings } from '../settings.ts';

/** Settings as a request file spells them, so that they can be copied into one; numbers stay numbers. */
export function settingsShown(settings: Settings): Record<string, string | number> {
  const shown: Record<string, string | number> = {};
  for (const name of Object.keys(settings) as SettingName[]) {
    const value = settings[name];
    const span = name === 'Lifetime' || name === 'IdleTimeout';
    shown[name] = typeof value === 'number' && !span ? value : settingText(name, value);
  }
  return shown;
}

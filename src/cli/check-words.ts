import { durationText } from '../core/duration.ts';
import { priceText, untilEnd, usdText } from '../core/price.ts';
import { visibleLine } from '../core/report/visible.ts';
import { settingText } from '../core/setting-text.ts';
import type { SettingName } from '../core/settings.ts';
import { type Checked, type CheckedOrigin } from '../engine/client/check-request.ts';
import { table } from './table.ts';
import { fileProblems } from './tell-problems.ts';

/** The outcome of a check for people. */
export function checkWords(file: string, user: string, checked: Checked): string {
  const { problems, text } = checked;
  const name = visibleLine(file);
  const unchecked = checked.unchecked.map((one) => `Not checked: ${visibleLine(one)}.\n`).join('');
  if (problems.length > 0) {
    const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
    return `${fileProblems(`${name}: ${count}. It would be refused.`, problems, text)}${unchecked && `\n${unchecked}`}`;
  }
  return [
    checked.running
      ? `${name} is fine. ${visibleLine(checked.running.cluster.name)} runs, and this would change ${checked.changes?.join(', ') || 'nothing in it'}.\n`
      : `${name} is fine.\n`,
    `Settings\n${indented(settingsTable(checked))}`,
    `Template parameters\n${indented(table(['NAME', 'VALUE'], Object.entries(checked.parameters ?? {})))}`,
    priceWords(checked),
    allowanceWords(user, checked),
    unchecked,
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/** The same for programs. */
export function checkDocument(checked: Checked) {
  const { problems, settings, origins, parameters, price, running, changes, allowance, unchecked } = checked;
  return {
    problems,
    settings: settings
      ? Object.fromEntries(namesOf(settings).map((name) => [name, settingText(name, settings[name])]))
      : null,
    origins,
    parameters: parameters ?? null,
    price: price ?? null,
    changes: running ? (changes ?? []) : null,
    limits: allowance?.limits ?? null,
    totals: allowance?.totals ?? null,
    unchecked,
  };
}

const ORIGINS: Readonly<Record<CheckedOrigin, string>> = {
  file: 'the file',
  running: 'as it runs',
  default: 'default',
  administrator: "the administrator's default",
};

function settingsTable({ settings, origins }: Checked): string {
  if (!settings) return '';
  return table(
    ['SETTING', 'VALUE', 'FROM'],
    namesOf(settings).map((name) => [
      name,
      settingText(name, settings[name]),
      ORIGINS[origins[name] ?? 'default'],
    ]),
  );
}

function priceWords({ price, settings }: Checked): string {
  if (!price || !settings) return '';
  const total = untilEnd(price, settings.Lifetime);
  const parts = price.parts.map(({ what, count, usdPerHour, note }) => [
    count === 1 ? what : `${count} ${what}`,
    usdPerHour === null ? 'unknown' : usdPerHour.toFixed(4),
    note,
  ]);
  const end =
    total === null ? '' : `In ${durationText(settings.Lifetime)} that is at most ${usdText(total)} USD.\n`;
  return `Price: ${priceText(price)}\n${indented(table(['PART', '>USD/HOUR', 'HOW'], parts))}${end}`;
}

function allowanceWords(user: string, { allowance, price, settings, running }: Checked): string {
  if (!allowance) return '';
  const { limits, totals } = allowance;
  const cost = price && settings ? untilEnd(price, settings.Lifetime) : null;
  const month = [
    totals.usdThisMonth === null ? 'unknown' : `${usdText(totals.usdThisMonth)} USD spent or promised`,
    ...(cost === null || running ? [] : [`${usdText(cost)} USD for this one`]),
  ].join(', ');
  const rows = [
    ['clusters at once', String(limits.clusters), `${totals.clusters} others`],
    ['nodes', String(limits.nodes), `${settings?.ComputeMaxNodes ?? '?'} asked for`],
    ['disk', `${limits.diskGb} GB`, `${settings?.MasterSystemVolumeSize ?? '?'} GB asked for`],
    [
      'per hour',
      usd(limits.usdPerHour),
      price?.usdPerHour == null ? 'unknown' : `${usdText(price.usdPerHour)} USD at most`,
    ],
    ['this month', usd(limits.usdPerMonth), month],
    ['lifetime', limits.longestLifetime, settings ? `${durationText(settings.Lifetime)} asked for` : ''],
  ];
  return `Limits of ${visibleLine(user)}\n${indented(table(['LIMIT', 'MOST', 'NOW'], rows))}`;
}

function usd(most: number | null): string {
  return most === null ? 'no limit' : `${most} USD`;
}

function namesOf(settings: object): SettingName[] {
  return Object.keys(settings) as SettingName[];
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}

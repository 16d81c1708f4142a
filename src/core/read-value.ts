import { durationOf, durationText } from './duration.ts';
import type { InstanceCatalogue } from './instance-catalogue.ts';
import { instanceSpelling } from './instance-spelling.ts';
import type { JsonNode } from './json-text.ts';
import { nearest } from './nearest.ts';
import { numberOfWords } from './number-words.ts';
import { type Place, type Problem, problem } from './problems.ts';
import { type KeyKind, LEAST_USD, MOST_USD, type RequestKey } from './request-keys.ts';
import type { Settings } from './settings.ts';

/** A value in normal form, `other` (see another key), or what is wrong with it. */
export type Reading =
  | { readonly value: Settings[keyof Settings] }
  | { readonly other: true }
  | { readonly problem: Problem };

interface Asked {
  readonly key: string;
  readonly catalogue: InstanceCatalogue;
  readonly at: Place | undefined;
}
type Kind<T extends KeyKind['type']> = Extract<KeyKind, { type: T }>;

/** Reads one value of the request file; every key of the table goes through here. */
export function readValue(
  { key, kind }: RequestKey,
  node: Exclude<JsonNode, { kind: 'unreadable' }>,
  catalogue: InstanceCatalogue,
  at?: Place,
): Reading {
  const asked = { key, catalogue, at };
  const wants = wantsOf(kind);
  if (node.kind === 'null' || node.kind === 'array' || node.kind === 'object')
    return { problem: problem('wrong-type', { key, wants, ...compound(node.kind) }, at) };
  const text = String(node.value).trim();
  if (text === '')
    return { problem: problem('wrong-type', { key, wants, found: 'a blank text', hint: LEAVE_OUT }, at) };
  if (node.kind === 'boolean') {
    const meant = meantBy(kind, node.value);
    if (meant === undefined) return { problem: problem('wrong-type', { key, wants, found: text }, at) };
    return { value: meant };
  }
  switch (kind.type) {
    case 'whole':
      return readWhole(kind, text, wants, asked);
    case 'choice':
      return readChoice(kind, text, wants, asked);
    case 'instance':
      return readInstance(kind, text, asked);
    case 'spot-price':
      return readSpotPrice(text, wants, asked);
    case 'duration':
      return readDuration(kind, text, wants, asked);
    case 'email':
      return readEmail(text, asked);
    case 'blueprint':
      return readBlueprintName(text, asked);
  }
}

/** The allowed values of a kind, as the end of the sentence "KEY must be …". */
export function wantsOf(kind: KeyKind): string {
  switch (kind.type) {
    case 'whole':
      return `a whole number from ${kind.least} to ${kind.most}${kind.unit ? ` (${kind.unit})` : ''}`;
    case 'choice':
      return kind.values.map((value) => `"${value}"`).join(' or ');
    case 'instance':
      return 'an EC2 instance type such as "r4.large"';
    case 'spot-price':
      return `a price in USD from ${LEAST_USD} to ${MOST_USD}, "on-demand" or "spot"`;
    case 'duration':
      return `a length of time from ${durationText(kind.least)} to ${durationText(kind.most)}${kind.off ? ', or "off"' : ''}`;
    case 'email':
      return 'a mail address or "registered"';
    case 'blueprint':
      return 'the name of a blueprint such as "slurm"';
  }
}

const LEAVE_OUT = 'Leave the key out to take the default.';

function compound(kind: 'null' | 'array' | 'object'): { found: string; hint?: string } {
  if (kind === 'null') return { found: 'null', hint: LEAVE_OUT };
  return kind === 'array' ? { found: 'a list in [ ]' } : { found: 'an object in { }' };
}

function meantBy(kind: KeyKind, flag: boolean): string | undefined {
  if (kind.type === 'choice') return flag ? kind.yes : kind.no;
  return kind.type === 'duration' && kind.off && !flag ? 'off' : undefined;
}

function readWhole(kind: Kind<'whole'>, text: string, wants: string, { key, at }: Asked): Reading {
  const value = Number(text);
  if (!isNumber(text)) return notANumber(key, text, wants, at);
  if (!Number.isInteger(value) || value < kind.least || value > kind.most) {
    const hint = value < kind.least ? kind.hint : undefined;
    return { problem: problem('out-of-range', { key, found: brief(text), wants, hint }, at) };
  }
  // A minus sign before zero means nothing here.
  return { value: value + 0 };
}

function readChoice(kind: Kind<'choice'>, text: string, wants: string, { key, at }: Asked): Reading {
  const value = kind.values.find((one) => one === text.toLowerCase());
  if (value !== undefined) return { value };
  const meant = /^(?:true|yes|on|1)$/i.test(text)
    ? kind.yes
    : /^(?:false|no|off|0)$/i.test(text)
      ? kind.no
      : undefined;
  const near = meant ?? nearest(text, kind.values)[0];
  return { problem: problem('not-allowed', { key, found: brief(text), allowed: wants, nearest: near }, at) };
}

function readInstance(kind: Kind<'instance'>, text: string, { key, catalogue, at }: Asked): Reading {
  const spelling = instanceSpelling(text, catalogue);
  if (spelling.kind === 'other' && kind.other) return { other: true };
  if (spelling.kind === 'wrong-shape') {
    const { type, real } = spelling;
    return { problem: problem('wrong-shape', { key, found: brief(text), type, real }, at) };
  }
  if (spelling.kind !== 'type') {
    const found = brief(spelling.kind === 'other' ? text : spelling.type);
    return {
      problem: problem('unknown-instance-type', { key, found, nearest: catalogue.nearest(found) }, at),
    };
  }
  const { type } = spelling;
  const architectures = catalogue.lookup(type)?.shape?.architectures ?? [];
  if (architectures.length > 0 && architectures.every((one) => one.endsWith('_mac')))
    return { problem: problem('not-linux', { key, type }, at) };
  return { value: type };
}

function readSpotPrice(text: string, wants: string, { key, at }: Asked): Reading {
  const word = text.toLowerCase().replace(/[\s_-]/g, '');
  if (word === 'ondemand') return { value: 'on-demand' };
  if (word === 'spot') return { value: 'spot' };
  const value = Number(text);
  if (!isNumber(text)) {
    const near = nearest(text, ['on-demand', 'spot'])[0];
    if (near === undefined) return notANumber(key, text, wants, at);
    return {
      problem: problem('not-allowed', { key, found: brief(text), allowed: wants, nearest: near }, at),
    };
  }
  if (value === 0) return { value: 'on-demand' };
  if (value < LEAST_USD || value > MOST_USD)
    return { problem: problem('out-of-range', { key, found: brief(text), wants }, at) };
  return { value };
}

function readDuration(kind: Kind<'duration'>, text: string, wants: string, { key, at }: Asked): Reading {
  if (kind.off && text.toLowerCase() === 'off') return { value: 'off' };
  const examples = kind.off ? '"2h", "90m" or "off"' : '"8h", "3d" or "1d12h"';
  if (isNumber(text)) return { problem: problem('needs-unit', { key, found: brief(text), examples }, at) };
  const value = durationOf(text);
  if (value === undefined)
    return { problem: problem('not-a-duration', { key, found: brief(text), examples }, at) };
  if (value < kind.least || value > kind.most)
    return {
      problem: problem(
        'out-of-range',
        { key, found: `"${brief(text)}"`, wants, hint: `Write a time such as ${examples}.` },
        at,
      ),
    };
  return { value };
}

function readEmail(text: string, { at }: Asked): Reading {
  if (text.toLowerCase() === 'registered') return { value: 'registered' };
  // One ASCII address with nothing that could begin a second one or another mail header.
  const ok = text.length <= 254 && /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z\d-]+(?:\.[a-z\d-]+)+$/i.test(text);
  return ok ? { value: text } : { problem: problem('not-an-address', { found: brief(text) }, at) };
}

function readBlueprintName(text: string, { at }: Asked): Reading {
  if (/[:/\\]/.test(text)) return { problem: problem('blueprint-is-url', { found: brief(text) }, at) };
  if (/^[a-z][a-z0-9-]{0,39}$/.test(text.toLowerCase())) return { value: text.toLowerCase() };
  return {
    problem: problem('unknown-blueprint', { found: brief(text), allowed: [], nearest: undefined }, at),
  };
}

/** Decimal, as people and JSON write it; JSON's numbers come as JavaScript prints them, so `1e+21` and `Infinity` count too. */
function isNumber(text: string): boolean {
  return /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i.test(text) || /^-?Infinity$/.test(text);
}

function notANumber(key: string, text: string, wants: string, at: Place | undefined): Reading {
  const plain = text
    .replace(/^(\d{1,3})(?:,\d{3})+$/, (all) => all.replaceAll(',', ''))
    .replace(/^(\d+),(\d+)$/, '$1.$2');
  const digits = /\d+(?:\.\d+)?/.exec(plain)?.[0];
  const instead = digits ?? numberOfWords(text)?.toString();
  return { problem: problem('not-a-number', { key, found: brief(text), wants, instead }, at) };
}

/** Enough of a person's text to recognise it. */
function brief(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

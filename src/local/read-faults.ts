import { type JsonNode, readJson } from '../core/json-text.ts';
import { placesIn } from '../core/places.ts';
import { ProblemError, problem } from '../core/problems.ts';
import { APPLIES, CALLS, type Call, type FaultRule, type FaultsFile } from './fault-rules.ts';

/** The control file cannot be used: the message names the file, the line and what to write instead. */
export class BadFaultsFile extends ProblemError {
  constructor(found: string) {
    super(problem('bad-faults', { found }));
  }
}

type Check = (value: unknown) => string | undefined;

const text: Check = (value) => (typeof value === 'string' && value !== '' ? undefined : 'a text');
const count: Check = (value) =>
  Number.isInteger(value) && Number(value) >= 1 ? undefined : 'a whole number of at least 1';
const factor: Check = (value) =>
  typeof value === 'number' && value > 0 && Number.isFinite(value) ? undefined : 'a number above 0';
const rollback: Check = (value) =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.entries(value).every(([key, part]) => (key === 'resource' || key === 'reason') && !text(part))
    ? undefined
    : 'an object with "resource" and "reason"';

const COMMON: Readonly<Record<string, Check>> = { stack: text, times: count, every: count };
const OWN: Readonly<Record<FaultRule['do'], Readonly<Record<string, Check>>>> = {
  fail: { resource: text, reason: text, rollback },
  stick: { resource: text, reason: text, attempts: count },
  throttle: {},
  slow: { factor },
  refuse: { reason: text },
};
const NEEDED: Readonly<Partial<Record<FaultRule['do'], string>>> = { slow: 'factor', refuse: 'reason' };

/** Reads a control file's text. Throws `BadFaultsFile`; `name` is what the message calls the file. */
export function readFaults(content: string, name: string): FaultsFile {
  const placeOf = placesIn(content);
  const bad = (at: number, message: string) =>
    new BadFaultsFile(`${name}, line ${placeOf(at).line}: ${message}`);
  const { root, faults } = readJson(content);
  const [broken] = faults;
  if (broken) throw bad(broken.at, `not valid JSON: ${broken.found}`);
  if (root.kind !== 'object') throw bad(0, 'expected an object with "version" and "rules"');
  const rules = root.members.find((member) => member.key === 'rules')?.value;
  for (const { key, at, value } of root.members) {
    if (key.startsWith('//') || key === '$schema' || key === 'rules') continue;
    if (key !== 'version') throw bad(at, `unknown key "${key}"`);
    if (plain(value) !== 1) throw bad(at, `"version" must be 1, found ${JSON.stringify(plain(value))}`);
  }
  if (!root.members.some((member) => member.key === 'version')) throw bad(root.at, '"version": 1 is missing');
  if (rules?.kind !== 'array') throw bad(rules?.at ?? root.at, '"rules" must be a list');
  for (const rule of rules.items) {
    const message = faultOf(plain(rule));
    if (message !== undefined) throw bad(rule.at, message);
  }
  return { version: 1, rules: plain(rules) as readonly FaultRule[] };
}

function plain(node: JsonNode): unknown {
  if (node.kind === 'array') return node.items.map(plain);
  // Not by assignment: `__proto__` is a key like any other here.
  if (node.kind === 'object')
    return Object.fromEntries(node.members.map(({ key, value }) => [key, plain(value)]));
  return 'value' in node ? node.value : null;
}

function faultOf(rule: unknown): string | undefined {
  if (typeof rule !== 'object' || rule === null || Array.isArray(rule)) return 'a rule must be an object';
  const { do: kind, on, ...rest } = rule as Record<string, unknown>;
  if (!isKind(kind))
    return `"do" must be one of ${Object.keys(OWN).join(', ')}, found ${JSON.stringify(kind)}`;
  const calls = on === undefined ? [] : [on].flat();
  const stray = calls.find((call) => !CALLS.includes(call as Call) || !APPLIES[kind].includes(call as Call));
  if (stray !== undefined || (on !== undefined && calls.length === 0))
    return `"on" for "${kind}" must be from ${APPLIES[kind].join(', ')}, found ${JSON.stringify(on)}`;
  const needed = NEEDED[kind];
  if (needed !== undefined && !(needed in rest)) return `"${kind}" needs "${needed}"`;
  for (const [key, value] of Object.entries(rest)) {
    if (key.startsWith('//')) continue;
    const checks: Readonly<Record<string, Check>> = { ...COMMON, ...OWN[kind] };
    const check = Object.hasOwn(checks, key) ? checks[key] : undefined;
    if (!check) return `"${kind}" knows no key ${JSON.stringify(key)}`;
    const wanted = check(value);
    if (wanted !== undefined) return `"${key}" must be ${wanted}, found ${JSON.stringify(value)}`;
  }
  return undefined;
}

function isKind(kind: unknown): kind is FaultRule['do'] {
  return typeof kind === 'string' && Object.hasOwn(OWN, kind);
}

import { fileText } from './file-text.ts';
import type { InstanceCatalogue } from './instance-catalogue.ts';
import type { JsonFault } from './json-scanner.ts';
import { DEEPEST, type JsonMember, type JsonNode, readJson } from './json-text.ts';
import { nearest } from './nearest.ts';
import { placesIn } from './places.ts';
import { type Place, type Problem, problem } from './problems.ts';
import { readValue } from './read-value.ts';
import { isIgnoredKey, KEYS_FROM_FOLDER, REQUEST_KEYS, requestKey } from './request-keys.ts';
import type { Request, SettingName, Settings } from './settings.ts';

export interface RequestReading {
  /** What could be read, in normal form. */
  readonly request: Request;
  /** Settings that the file names, well or badly, and where. */
  readonly named: ReadonlyMap<SettingName, Place>;
  /** In the order of the file. */
  readonly problems: readonly Problem[];
  /** The file as its author can recognise it, for replies. */
  readonly text: string;
}

export interface RequestContext {
  readonly catalogue: InstanceCatalogue;
}

type PlaceOf = (offset: number) => Place;
type SettingValue = Settings[SettingName];
/** One key of the file; without a value it was bad. */
interface Entry {
  value?: SettingValue;
  readonly at: Place;
}

/** Most problems told about one file: more would bury the first ones. */
const MOST_PROBLEMS = 50;

/** Reads a `.cf-create`. Total: any bytes give an answer, and every mistake in them is told at once. */
export function readRequest(bytes: Uint8Array, { catalogue }: RequestContext): RequestReading {
  const { text, problems: inBytes, readable } = fileText(bytes);
  if (!readable) return { request: {}, named: new Map(), problems: inBytes, text };
  const { root, faults, tooDeepAt } = readJson(text);
  const placeOf = placesIn(text);
  const syntax = syntaxProblems(faults, placeOf);
  if (tooDeepAt !== undefined) syntax.push(problem('too-deep', { most: DEEPEST }, placeOf(tooDeepAt)));
  if (root.kind !== 'object') {
    if (root.kind !== 'unreadable')
      syntax.push(problem('not-an-object', { found: rootWords(root) }, placeOf(root.at)));
    return { request: {}, named: new Map(), problems: finish([...inBytes, ...syntax]), text };
  }
  const { request, named, problems } = readMembers(root.members, placeOf, catalogue);
  return { request, named, problems: finish([...inBytes, ...syntax, ...problems]), text };
}

/** Reads settings that an administrator wrote as request keys, with the same readers; places mean nothing there. */
export function readDefaults(
  defaults: Readonly<Record<string, string | number | boolean>>,
  catalogue: InstanceCatalogue,
): Omit<RequestReading, 'text'> {
  const members = Object.entries(defaults).map(([key, value]): JsonMember => {
    const node = { at: 0, kind: typeof value, value } as unknown as JsonNode;
    return { key, at: 0, value: node };
  });
  return readMembers(members, () => ({ line: 1, column: 1 }), catalogue);
}

function readMembers(members: readonly JsonMember[], placeOf: PlaceOf, catalogue: InstanceCatalogue) {
  const problems: Problem[] = [];
  const lines = new Map<string, number>();
  const values = new Map<string, Entry>();
  // Of equal keys the last one counts, as JSON.parse has it; only that one is read, since a thousand would take their time.
  const latest = new Map<string, JsonMember>();
  for (const member of members) {
    const { key, at } = member;
    if (isIgnoredKey(key)) continue;
    const keyPlace = placeOf(at);
    const first = lines.get(key);
    if (first !== undefined)
      problems.push(problem('duplicate-key', { key: brief(key), first, second: keyPlace.line }, keyPlace));
    else if (!requestKey(key)) problems.push(unknownKey(key, keyPlace));
    lines.set(key, first ?? keyPlace.line);
    latest.set(key, member);
  }
  for (const { key, value } of latest.values()) {
    const definition = requestKey(key);
    if (!definition) continue;
    const valuePlace = placeOf(value.at);
    const entry: Entry = { at: valuePlace };
    values.set(key, entry);
    if (value.kind === 'unreadable') continue;
    const reading = readValue(definition, value, catalogue, valuePlace);
    if ('problem' in reading) problems.push(reading.problem);
    else if ('value' in reading) entry.value = reading.value;
    else values.delete(key);
  }
  return { ...settle(values, problems), problems };
}

/** From keys to settings: the two keys of an instance type become one. */
function settle(values: ReadonlyMap<string, Entry>, problems: Problem[]) {
  const request: { [K in SettingName]?: SettingValue } = {};
  const named = new Map<SettingName, Place>();
  for (const { key, setting } of REQUEST_KEYS) {
    const entry = values.get(key);
    if (!entry) continue;
    const before = request[setting];
    const clash =
      named.has(setting) && before !== undefined && entry.value !== undefined && before !== entry.value;
    if (clash)
      problems.push(
        problem(
          'two-instance-types',
          { key: setting, type: String(before), otherKey: key, other: String(entry.value) },
          entry.at,
        ),
      );
    // A setting of which one key is bad is not known, whatever the other key says.
    if (clash || entry.value === undefined || (named.has(setting) && before === undefined))
      delete request[setting];
    else request[setting] = entry.value;
    if (!named.has(setting)) named.set(setting, entry.at);
  }
  return { request: request as Request, named };
}

function unknownKey(key: string, at: Place): Problem {
  const folder = nearest(key, KEYS_FROM_FOLDER)[0];
  if (folder?.toLowerCase() === key.trim().toLowerCase())
    return problem('key-from-folder', { key: folder }, at);
  const names = REQUEST_KEYS.map((one) => one.key);
  return problem('unknown-key', { key: brief(key), nearest: nearest(key, names)[0] }, at);
}

/** One problem for each kind of fault, at its first place: a file in single quotes has one mistake, made forty times. */
function syntaxProblems(faults: readonly JsonFault[], placeOf: PlaceOf): Problem[] {
  const kinds = new Map<string, Place[]>();
  for (const { found, at } of faults.toSorted((a, b) => a.at - b.at))
    kinds.set(found, [...(kinds.get(found)?.slice(0, MOST_PROBLEMS) ?? []), placeOf(at)]);
  return [...kinds].map(([found, [first, ...others]]) => {
    const lines = [...new Set(others.map(({ line }) => line))].filter((line) => line !== first?.line);
    const shown = lines.slice(0, 5).join(', ') + (lines.length > 5 ? ', …' : '');
    const also = lines.length === 0 ? '' : ` (also in line${lines.length > 1 ? 's' : ''} ${shown})`;
    return problem('not-json', { found: found + also }, first);
  });
}

function finish(problems: readonly Problem[]): Problem[] {
  const sorted = inFileOrder(problems);
  const rest = sorted.length - MOST_PROBLEMS;
  if (rest <= 0) return sorted;
  return [...sorted.slice(0, MOST_PROBLEMS), problem('more-mistakes', { count: rest })];
}

/** By line and column; what has no place keeps its turn at the end. */
export function inFileOrder(problems: readonly Problem[]): Problem[] {
  return problems.toSorted((a, b) => rank(a) - rank(b));
}

function rank({ at }: Problem): number {
  return at ? at.line * 1e6 + at.column : Number.MAX_SAFE_INTEGER;
}

function rootWords(root: Exclude<JsonNode, { kind: 'object' | 'unreadable' }>): string {
  if (root.kind === 'array') return 'a list in [ ]';
  return root.kind === 'string'
    ? 'only a text'
    : `only ${root.kind === 'null' ? 'null' : `the ${root.kind} ${root.value}`}`;
}

function brief(key: string): string {
  return key.length > 60 ? `${key.slice(0, 57)}…` : key;
}

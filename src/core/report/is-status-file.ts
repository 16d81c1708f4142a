import { instantOf } from '../instant.ts';
import { isPort } from '../login-facts.ts';
import { DROP_OUTCOMES, STATUS_STATES, type StatusFile } from './status-shape.ts';

type Check = (value: unknown) => boolean;

const string: Check = (value) => typeof value === 'string';
const number: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const count: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const boolean: Check = (value) => typeof value === 'boolean';
const iso: Check = (value) => typeof value === 'string' && instantOf(value) !== undefined;
const oneOf =
  (...known: readonly unknown[]): Check =>
  (value) =>
    known.includes(value);
const either =
  (...checks: readonly Check[]): Check =>
  (value) =>
    checks.some((check) => check(value));
const maybe = (check: Check): Check => either(oneOf(undefined), check);
const orNull = (check: Check): Check => either(oneOf(null), check);
const list =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const record =
  (check: Check): Check =>
  (value) =>
    isRecord(value) && Object.values(value).every(check);
/** Fields that we do not know are let pass: a later version may have more. */
const object =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isRecord(value) &&
    Object.entries(fields).every(([name, check]) =>
      check(Object.hasOwn(value, name) ? value[name] : undefined),
    );

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// Every field of StatusFile has a line here, or this does not compile.
const FIELDS: Readonly<Record<keyof StatusFile, Check>> = {
  version: count,
  cluster: string,
  path: string,
  user: string,
  drop: maybe(object({ id: string, action: oneOf('create', 'delete'), outcome: oneOf(...DROP_OUTCOMES) })),
  state: oneOf(...STATUS_STATES),
  since: maybe(iso),
  why: string,
  next: string,
  problems: list(
    object({
      code: string,
      owner: oneOf('author', 'operator', 'bug'),
      message: string,
      fix: string,
      at: maybe(object({ line: count, column: count })),
      log: maybe(list(string)),
    }),
  ),
  progress: maybe(object({ done: count, total: count, latest: maybe(string) })),
  address: maybe(string),
  ssh: maybe(
    object({ command: string, hostKey: orNull(string), port: maybe(isPort), keyFile: maybe(string) }),
  ),
  report: maybe(
    object({
      silentSince: maybe(iso),
      nodes: maybe(
        object({ most: count, up: count, coming: count, working: count, leaving: count, down: count }),
      ),
      jobs: maybe(object({ running: count, waiting: count })),
      sessions: maybe(count),
      disk: maybe(object({ usedGb: number, totalGb: number })),
      notices: list(string),
      files: maybe(
        object({
          savedAt: maybe(iso),
          count: maybe(count),
          bytes: maybe(count),
          trouble: maybe(string),
        }),
      ),
      idleSince: maybe(iso),
    }),
  ),
  ends: maybe(iso),
  idleTimeout: maybe(string),
  price: maybe(
    object({
      estimate: string,
      usdPerHour: orNull(number),
      usdUntilEnd: orNull(number),
      parts: list(object({ what: string, count: number, usdPerHour: orNull(number), note: string })),
      date: string,
      region: string,
    }),
  ),
  settings: maybe(record(either(string, number))),
  request: () => true,
  simulated: boolean,
  simulatedMeans: maybe(string),
  priceMeans: maybe(string),
};

/** True for what `renderStatus` writes, and for a later version of it as far as we know its fields. */
export function isStatusFile(value: unknown): value is StatusFile {
  return object(FIELDS)(value);
}

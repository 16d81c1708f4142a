import { decide } from '../../src/core/decide.ts';
import { HOUR, MINUTE } from '../../src/core/instant.ts';
import type { CreateFile, Observed } from '../../src/core/observed.ts';
import { type StatusFile, type StatusInput, statusOf } from '../../src/core/report/status-file.ts';
import {
  CLUSTER,
  createFile,
  INSTALLATION,
  OTHER_ID,
  observedOf,
  PROBLEMS,
  readyEntry,
  START,
  stackOf,
} from './samples.ts';

export const NOW = START + HOUR;

export const RUNNING: Partial<Observed> = {
  stack: stackOf('running', { address: '192.0.2.17' }),
  entry: readyEntry(),
};

export const REFUSED_CREATE: CreateFile = {
  ...createFile(OTHER_ID, START + MINUTE),
  reading: { kind: 'refused', problems: PROBLEMS },
};

/** The status of what is seen, with what the policy makes of it. */
export function statusAt(seen: Partial<Observed>, more: Partial<StatusInput> = {}): StatusFile {
  const observed = observedOf(seen);
  const decision = decide(observed, NOW);
  return statusOf({ cluster: CLUSTER, observed, decision, installation: INSTALLATION, now: NOW, ...more });
}

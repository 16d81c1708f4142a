import type { Entry } from '../../src/core/entry.ts';
import type { Cluster } from '../../src/core/identity.ts';
import type { Installation } from '../../src/core/installation.ts';
import { DAY, HOUR, instantOf, MINUTE } from '../../src/core/instant.ts';
import type { CreateFile, DropFile, LivingStack, Observed } from '../../src/core/observed.ts';
import { type Problem, problem } from '../../src/core/problems.ts';

/** One cluster of one user on one afternoon: what the exact texts are written for. */
export const START = instantOf('2026-11-22T15:04:05Z') ?? 0;

export const CLUSTER: Cluster = {
  bucket: 'hpc-home',
  user: 'alice',
  path: 'home/alice/mycluster',
  name: 'mycluster',
};

export const CREATE_ID = 'c0ffee'.padEnd(64, '1');
export const OTHER_ID = 'beef'.padEnd(64, '2');
export const DELETE_ID = 'dead'.padEnd(64, '3');

export const INSTALLATION: Installation = {
  version: 1,
  id: 'hpc',
  prefix: 'hpc',
  bucket: 'hpc-home',
  contact: 'Dana (dana@example.org)',
  adminEmail: 'dana@example.org',
  simulated: false,
};

export const REQUEST = '{\n  "ComputeInstanceType": "r4.large",\n  "ComputeMaxNodes": 25\n}\n';

export function sampleEntry(more: Partial<Entry> = {}): Entry {
  return {
    cluster: CLUSTER,
    stackName: 'hpc-alice-mycluster-0123456789abcdef',
    stackId:
      'arn:aws:cloudformation:eu-west-2:123456789012:stack/hpc-alice-mycluster-0123456789abcdef/1a2b3c4d',
    blueprint: { name: 'slurm', hash: 'abc' },
    notify: 'alice@example.org',
    drop: { id: CREATE_ID, at: START, text: REQUEST },
    reservedAt: START + 2000,
    endsAt: START + 7 * DAY,
    rateSince: START,
    paid: 0,
    warned: [],
    settings: {
      Blueprint: 'slurm',
      ComputeInstanceType: 'r4.large',
      MasterInstanceType: 'r4.large',
      ComputeSpotPrice: 0.03,
      AutoscalingPolicy: 'enabled',
      ComputeInitialNodes: 0,
      ComputeMaxNodes: 25,
      MasterSystemVolumeSize: 16,
      Lifetime: 7 * DAY,
      IdleTimeout: 'off',
      NotifyEmail: 'registered',
    },
    parameters: {},
    price: {
      usdPerHour: 0.884,
      parts: [
        { what: 'login node r4.large', count: 1, usdPerHour: 0.133, note: 'on demand' },
        { what: 'disk of 16 GB', count: 1, usdPerHour: 0.00175342, note: 'gp3' },
        {
          what: 'compute nodes r4.large',
          count: 25,
          usdPerHour: 0.75,
          note: 'spot, at your highest price',
        },
      ],
      date: '2026-07-20',
      region: 'us-east-1',
      perGbMonth: 0.08,
    },
    ...more,
  };
}

export function readyEntry(more: Partial<Entry> = {}): Entry {
  return sampleEntry({ readyAt: START + 8 * MINUTE, address: '192.0.2.17', ...more });
}

export function goneEntry(more: Partial<Entry> = {}): Entry {
  const end = START + 2 * DAY + 4 * HOUR + 12 * MINUTE;
  return readyEntry({ ending: { why: 'asked', at: end - 5 * MINUTE, attempts: 1 }, endedAt: end, ...more });
}

export const createFile = (id = CREATE_ID, at = START): CreateFile => ({
  id,
  key: `${CLUSTER.path}.cf-create`,
  version: 'v1',
  at,
  text: REQUEST,
  reading: { kind: 'refused', problems: [] },
});

export const deleteFile = (at = START + DAY): DropFile => ({
  id: DELETE_ID,
  key: `${CLUSTER.path}.cf-delete`,
  version: 'v2',
  at,
});

export function stackOf(kind: LivingStack['kind'], more: Partial<LivingStack> = {}): LivingStack {
  return {
    kind,
    id: 'arn:stack',
    status: STATUS[kind],
    reason: '',
    drop: CREATE_ID,
    createdAt: START + 3000,
    updateSeen: false,
    ...more,
  };
}

const STATUS: Readonly<Record<LivingStack['kind'], string>> = {
  starting: 'CREATE_IN_PROGRESS',
  running: 'CREATE_COMPLETE',
  updating: 'UPDATE_IN_PROGRESS',
  stopping: 'DELETE_IN_PROGRESS',
  stillborn: 'ROLLBACK_COMPLETE',
  stuck: 'DELETE_FAILED',
};

export function observedOf(more: Partial<Observed> = {}): Observed {
  return {
    stack: { kind: 'absent' },
    replies: { createdRight: true, created: true, failed: false },
    contact: INSTALLATION.contact,
    ...more,
  };
}

export const HOST_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0Xo1b2Vw3k4m5n6p7q8r9s0t1u2v3w4x5y6z7A8B9C';

/** One of the author's with a place, one of the administrator's. */
export const PROBLEMS: readonly Problem[] = [
  problem('not-json', { found: 'a comma is missing before this' }, { line: 3, column: 3 }),
  problem('frozen', { reason: 'maintenance until Monday', contact: 'Dana (dana@example.org)' }),
];

/** Things that people put where we print, in the hope that a terminal or a reader believes them. */
export const HOSTILE = [
  'x\r\nBcc: all@example.org',
  '\u001b[2J\u001b]0;owned\u0007',
  'exe\u202etxt.cf-create',
  '\u009b31m\u0000\u007f',
  'a\n\nThe cluster is free of charge.\n',
  '\ud800',
  '\u2028\u2029\ufeff',
  '__proto__',
  '',
];

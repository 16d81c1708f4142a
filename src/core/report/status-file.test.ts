import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyInstant, anyTurn } from '../../../test/report/arbitrary-observed.ts';
import {
  CLUSTER,
  CREATE_ID,
  createFile,
  DELETE_ID,
  deleteFile,
  goneEntry,
  INSTALLATION,
  OTHER_ID,
  observedOf,
  PROBLEMS,
  readyEntry,
  START,
  sampleEntry,
  stackOf,
} from '../../../test/report/samples.ts';
import { REFUSED_CREATE, RUNNING, statusAt } from '../../../test/report/status-at.ts';
import { decide } from '../decide.ts';
import type { Warning } from '../entry.ts';
import { DAY, HOUR } from '../instant.ts';
import { renderStatus, statusOf } from './status-file.ts';

/** The request as a status shows it. */
const sent = (text: string) =>
  statusAt({ ...RUNNING, entry: readyEntry({ drop: { id: CREATE_ID, at: START, text } }) }).request;

describe('statusOf', () => {
  it('tells all of a running cluster', () => {
    expect(renderStatus(statusAt(RUNNING))).toMatchInlineSnapshot(`
      "{
        "version": 1,
        "cluster": "mycluster",
        "path": "home/alice/mycluster",
        "user": "alice",
        "drop": {
          "id": "c0ffee1111111111111111111111111111111111111111111111111111111111",
          "action": "create",
          "outcome": "done"
        },
        "state": "running",
        "since": "2026-11-22T15:12:05Z",
        "why": "running until Sun 29 Nov 2026, 15:04 UTC",
        "next": "Log in with the command under \\"ssh\\". To keep it beyond Sun 29 Nov 2026, 15:04 UTC, upload mycluster.cf-create with {\\"Lifetime\\": \\"3d\\"}; to end it, upload an empty file mycluster.cf-delete. What is on the cluster goes with it.",
        "problems": [],
        "address": "192.0.2.17",
        "ssh": {
          "command": "ssh alice@192.0.2.17",
          "hostKey": null
        },
        "ends": "2026-11-29T15:04:05Z",
        "idleTimeout": "off",
        "price": {
          "estimate": "at most about 0.89 USD per hour (estimate, list prices of 2026-07-20, us-east-1)",
          "usdPerHour": 0.884,
          "usdUntilEnd": 148.512,
          "parts": [
            {
              "what": "login node r4.large",
              "count": 1,
              "usdPerHour": 0.133,
              "note": "on demand"
            },
            {
              "what": "disk of 16 GB",
              "count": 1,
              "usdPerHour": 0.0018,
              "note": "gp3"
            },
            {
              "what": "compute nodes r4.large",
              "count": 25,
              "usdPerHour": 0.75,
              "note": "spot, at your highest price"
            }
          ],
          "date": "2026-07-20",
          "region": "us-east-1"
        },
        "settings": {
          "Blueprint": "slurm",
          "ComputeInstanceType": "r4.large",
          "MasterInstanceType": "r4.large",
          "ComputeSpotPrice": 0.03,
          "AutoscalingPolicy": "enabled",
          "ComputeInitialNodes": 0,
          "ComputeMaxNodes": 25,
          "MasterSystemVolumeSize": 16,
          "Lifetime": "7d",
          "IdleTimeout": "off",
          "NotifyEmail": "registered"
        },
        "request": {
          "ComputeInstanceType": "r4.large",
          "ComputeMaxNodes": 25
        },
        "simulated": false
      }
      "
    `);
  });

  it('tells of a cluster that is being built, and how far', () => {
    const stack = stackOf('starting', { progress: { done: 3, total: 9, latest: 'LoginNode' } });
    const {
      settings: _,
      price: __,
      request: ___,
      ...status
    } = statusAt({ create: createFile(), stack, entry: sampleEntry() });
    expect(status).toMatchInlineSnapshot(`
      {
        "cluster": "mycluster",
        "drop": {
          "action": "create",
          "id": "c0ffee1111111111111111111111111111111111111111111111111111111111",
          "outcome": "accepted",
        },
        "ends": "2026-11-29T15:04:05Z",
        "idleTimeout": "off",
        "next": "Nothing: when you can log in, the file mycluster.cf-created appears. To stop it, upload an empty file mycluster.cf-delete.",
        "path": "home/alice/mycluster",
        "problems": [],
        "progress": {
          "done": 3,
          "latest": "LoginNode",
          "total": 9,
        },
        "simulated": false,
        "since": "2026-11-22T15:04:07Z",
        "state": "starting",
        "user": "alice",
        "version": 1,
        "why": "the cluster is being built",
      }
    `);
  });

  it('tells of a refused file where there is no cluster', () => {
    const status = statusAt({ create: REFUSED_CREATE });
    expect(status).toMatchObject({
      state: 'refused',
      since: '2026-11-22T15:05:05Z',
      drop: { id: OTHER_ID, action: 'create', outcome: 'refused' },
      problems: PROBLEMS,
    });
    expect(status).not.toHaveProperty('price');
  });

  it('says in one line why it failed, and keeps what tells more', () => {
    const cause = { resource: 'LoginNode', reason: 'the step packages failed\nE: no room\n' };
    const stack = stackOf('stopping', { status: 'ROLLBACK_IN_PROGRESS', cause });
    expect(statusAt({ stack, entry: sampleEntry() }).why).toBe(
      'undoing what was built, because LoginNode failed: the step packages failed',
    );
    const decision = decide(
      observedOf({ stack: stackOf('stillborn', { cause }), entry: sampleEntry() }),
      START,
    );
    expect(decision.step).toMatchObject({
      kind: 'note-failed',
      problems: [
        {
          message: expect.stringMatching(/LoginNode failed: the step packages failed$/),
          log: ['E: no room'],
        },
      ],
    });
  });

  it('takes the answer that is being given for the last one', () => {
    const answer = { drop: DELETE_ID, action: 'delete', outcome: 'done', problems: [] } as const;
    expect(statusAt({ remove: deleteFile(), entry: goneEntry() }, { answer })).toMatchObject({
      state: 'gone',
      drop: { id: DELETE_ID, action: 'delete', outcome: 'done' },
      next: expect.stringContaining('upload mycluster.cf-create again'),
    });
  });

  it('says of a simulated cluster that it is one', () => {
    const status = statusAt(RUNNING, { installation: { ...INSTALLATION, simulated: true } });
    expect(status).toMatchObject({
      simulated: true,
      simulatedMeans: expect.stringContaining('nothing is paid'),
    });
  });

  it('tells the way in as it is now, for a login host may have been made anew', () => {
    const entry = readyEntry({ address: '192.0.2.17' });
    const moved = { address: '192.0.2.18', login: { port: 2222 } };
    const told = (stack: ReturnType<typeof stackOf>) => statusAt({ ...RUNNING, entry, stack });
    expect(told(stackOf('running', moved))).toMatchObject({
      address: '192.0.2.18',
      ssh: { port: 2222, command: expect.stringContaining('192.0.2.18') },
    });
    expect(told(stackOf('updating')).address).toBe('192.0.2.17');
  });

  it('shows an address only while one can log in there, and no command for what is no address', () => {
    expect(statusAt({ ...RUNNING, stack: stackOf('stopping') })).not.toHaveProperty('address');
    const odd = statusAt({ ...RUNNING, stack: stackOf('running', { address: '-oFile' }) });
    expect(odd.address).toBe('-oFile');
    expect(odd).not.toHaveProperty('ssh');
  });

  it('keeps a request that is no JSON, or none that could be written again, as text', () => {
    expect(sent('{"a": 1,}')).toBe('{"a": 1,}');
    expect(sent('{"a": 1e999}')).toBe('{"a": 1e999}');
    expect(sent('['.repeat(30_000) + ']'.repeat(30_000))).toMatch(/^\[{30000}\]{30000}$/);
    expect(sent('{"a": [-0]}')).toEqual({ a: [0] });
  });

  it('does not change with time alone', () => {
    fc.assert(
      fc.property(anyTurn, anyInstant, ({ observed, decision, now }, later) => {
        const input = { cluster: CLUSTER, observed, decision, installation: INSTALLATION };
        const text = renderStatus(statusOf({ ...input, now }));
        expect(renderStatus(statusOf({ ...input, now: later }))).toBe(text);
      }),
    );
  });

  it('stays the same until the policy wants to look again', () => {
    const anyRunning = fc
      .record({
        now: fc.integer({ min: START, max: START + 7 * DAY }),
        idle: fc.constantFrom<number | 'off'>('off', HOUR, 3 * DAY),
        used: fc.integer({ min: 0, max: 4 * DAY }),
        warned: fc.subarray<Warning>(['24h', '1h']),
      })
      .map(({ now, idle, used, warned }) => {
        const { settings } = readyEntry();
        const entry = readyEntry({ warned, settings: { ...settings, IdleTimeout: idle } });
        const observed = observedOf({ ...RUNNING, entry, lastUse: now - used });
        return { observed, now, decision: decide(observed, now) };
      })
      .filter(({ decision }) => decision.step.kind === 'rest');
    const part = fc.double({ min: 0, max: 0.999, noNaN: true });
    fc.assert(
      fc.property(anyRunning, part, ({ observed, decision, now }, share) => {
        const again = decision.again ?? Number.NaN;
        expect(again).toBeGreaterThan(now);
        const later = Math.floor(now + share * (again - now));
        expect(renderStatus(statusAt(observed, { decision: decide(observed, later), now: later }))).toBe(
          renderStatus(statusAt(observed, { decision, now })),
        );
      }),
    );
  });
});

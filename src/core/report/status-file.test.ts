import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyInstant, anyText, anyTurn } from '../../../test/report/arbitrary-observed.ts';
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
import { decide } from '../decide.ts';
import { DAY, HOUR, MINUTE } from '../instant.ts';
import type { CreateFile, Observed } from '../observed.ts';
import { readStatus, renderStatus, type StatusInput, statusOf } from './status-file.ts';

const NOW = START + HOUR;

/** The status at rest, by what the policy makes of it. */
function statusAt(seen: Partial<Observed>, more: Partial<StatusInput> = {}) {
  const observed = observedOf(seen);
  return statusOf({
    cluster: CLUSTER,
    observed,
    decision: decide(observed, NOW),
    installation: INSTALLATION,
    now: NOW,
    ...more,
  });
}

const running = { stack: stackOf('running', { address: '192.0.2.17' }), entry: readyEntry() };
const refusedCreate: CreateFile = {
  ...createFile(OTHER_ID, START + MINUTE),
  reading: { kind: 'refused', problems: PROBLEMS },
};

describe('statusOf', () => {
  it('tells all of a running cluster', () => {
    expect(renderStatus(statusAt(running))).toMatchInlineSnapshot(`
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
        "next": "Log in with the command under \\"ssh\\". To keep it beyond Sun 29 Nov 2026, 15:04 UTC, upload mycluster.cf-create with {\\"Lifetime\\": \\"3d\\"}; to end it, upload an empty file mycluster.cf-delete.",
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
    const status = statusAt({ create: refusedCreate });
    expect(status).toMatchObject({
      state: 'refused',
      since: '2026-11-22T15:05:05Z',
      drop: { id: OTHER_ID, action: 'create', outcome: 'refused' },
      problems: PROBLEMS,
    });
    expect(status).not.toHaveProperty('price');
  });

  it.each<[string, Partial<Observed>, object]>([
    [
      'a file that waits for an older cluster to go',
      { create: createFile(OTHER_ID), stack: stackOf('stopping'), entry: goneEntry() },
      {
        state: 'waiting',
        since: '2026-11-22T15:04:05Z',
        drop: { id: OTHER_ID, action: 'create', outcome: 'pending' },
      },
    ],
    [
      'a reservation',
      { create: createFile(), entry: { ...sampleEntry(), stackId: undefined } as never },
      {
        state: 'starting',
        since: '2026-11-22T15:04:07Z',
        drop: { id: CREATE_ID, action: 'create', outcome: 'accepted' },
      },
    ],
    [
      'a cluster that is there while its file still lies there',
      { ...running, create: createFile() },
      { state: 'running', drop: { id: CREATE_ID, action: 'create', outcome: 'done' } },
    ],
    [
      'a change under way',
      {
        stack: stackOf('updating'),
        entry: readyEntry({
          update: { ...sampleEntry(), drop: { id: OTHER_ID, at: START + DAY, text: '{"a":1}' } },
        }),
      },
      {
        state: 'updating',
        since: '2026-11-23T15:04:05Z',
        request: { a: 1 },
        drop: { id: OTHER_ID, action: 'create', outcome: 'accepted' },
      },
    ],
    [
      'a change that could not be made',
      {
        ...running,
        entry: readyEntry({
          update: {
            ...sampleEntry(),
            drop: { id: OTHER_ID, at: START + DAY, text: '{}' },
            failure: PROBLEMS,
          },
        }),
      },
      { state: 'running', problems: PROBLEMS, drop: { id: OTHER_ID, action: 'create', outcome: 'refused' } },
    ],
    [
      'a refused file while the cluster runs on',
      { ...running, create: refusedCreate },
      {
        state: 'running',
        problems: PROBLEMS,
        address: '192.0.2.17',
        drop: { id: OTHER_ID, action: 'create', outcome: 'refused' },
      },
    ],
    [
      'the same after the file has gone',
      {
        ...running,
        entry: readyEntry({ answer: { drop: OTHER_ID, outcome: 'refused', at: NOW, problems: PROBLEMS } }),
      },
      { state: 'running', problems: PROBLEMS, drop: { id: OTHER_ID, action: 'create', outcome: 'refused' } },
    ],
    [
      'a change that came after a refused one',
      {
        stack: stackOf('updating'),
        entry: readyEntry({
          answer: { drop: OTHER_ID, outcome: 'refused', at: NOW, problems: PROBLEMS },
          update: { ...sampleEntry(), drop: { id: 'f00d', at: START + DAY, text: '{}' } },
        }),
      },
      { state: 'updating', problems: [], drop: { id: 'f00d', action: 'create', outcome: 'accepted' } },
    ],
    [
      'a change that needed nothing of the stack',
      {
        ...running,
        entry: readyEntry({ answer: { drop: CREATE_ID, outcome: 'accepted', at: NOW, problems: [] } }),
      },
      { state: 'running', problems: [], drop: { id: CREATE_ID, action: 'create', outcome: 'done' } },
    ],
    [
      'a creation that failed and is being cleared away',
      {
        stack: stackOf('stopping'),
        entry: sampleEntry({ failure: PROBLEMS, ending: { why: 'failed', at: START + HOUR, attempts: 1 } }),
      },
      {
        state: 'failed',
        since: '2026-11-22T16:04:05Z',
        problems: PROBLEMS,
        drop: { id: CREATE_ID, action: 'create', outcome: 'refused' },
      },
    ],
    [
      'a creation that is being rolled back',
      {
        create: createFile(),
        stack: stackOf('stopping', { status: 'ROLLBACK_IN_PROGRESS' }),
        entry: sampleEntry(),
      },
      { state: 'failed', drop: { id: CREATE_ID, action: 'create', outcome: 'refused' } },
    ],
    [
      'a deletion under way',
      {
        remove: deleteFile(),
        stack: stackOf('stopping'),
        entry: readyEntry({ ending: { why: 'asked', at: START + DAY, attempts: 1 } }),
      },
      {
        state: 'stopping',
        since: '2026-11-23T15:04:05Z',
        drop: { id: DELETE_ID, action: 'delete', outcome: 'accepted' },
      },
    ],
    [
      'a deletion that has just been asked for',
      { ...running, remove: deleteFile() },
      {
        state: 'stopping',
        since: '2026-11-23T15:04:05Z',
        drop: { id: DELETE_ID, action: 'delete', outcome: 'pending' },
      },
    ],
    [
      'a cluster that has gone',
      { remove: deleteFile(), entry: goneEntry() },
      {
        state: 'gone',
        since: '2026-11-24T19:16:05Z',
        drop: { id: DELETE_ID, action: 'delete', outcome: 'done' },
      },
    ],
    [
      'a deletion where there was nothing',
      { remove: deleteFile() },
      {
        state: 'gone',
        since: '2026-11-23T15:04:05Z',
        drop: { id: DELETE_ID, action: 'delete', outcome: 'done' },
        problems: [],
      },
    ],
    [
      'a stack that does not move any more',
      {
        stack: stackOf('stuck', { status: 'UPDATE_ROLLBACK_FAILED' }),
        entry: readyEntry({ stuckTold: NOW }),
      },
      { state: 'stuck', since: '2026-11-22T16:04:05Z' },
    ],
    [
      'a deletion that is tried again',
      {
        stack: stackOf('stuck'),
        entry: readyEntry({ ending: { why: 'expired', at: START + HOUR, attempts: 1, lastAttempt: NOW } }),
      },
      { state: 'stopping', since: '2026-11-22T16:04:05Z' },
    ],
    [
      'a stack that is not ours',
      { create: createFile(), stack: { kind: 'foreign', stackName: 'theirs' } },
      { state: 'refused', drop: { id: CREATE_ID, action: 'create', outcome: 'refused' } },
    ],
  ])('knows %s', (_, seen, expected) => {
    expect(statusAt(seen)).toMatchObject(expected);
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
    const status = statusAt(running, { installation: { ...INSTALLATION, simulated: true } });
    expect(status).toMatchObject({
      simulated: true,
      simulatedMeans: expect.stringContaining('nothing is paid'),
    });
  });

  it('shows an address only while one can log in there, and no command for what is no address', () => {
    expect(statusAt({ ...running, stack: stackOf('stopping') })).not.toHaveProperty('address');
    const odd = statusAt({ ...running, entry: readyEntry({ address: '-oProxyCommand=sh' }) });
    expect(odd.address).toBe('-oProxyCommand=sh');
    expect(odd).not.toHaveProperty('ssh');
  });

  it('keeps a request that is no JSON, or none that could be written again, as text', () => {
    const sent = (text: string) =>
      statusAt({ ...running, entry: readyEntry({ drop: { id: CREATE_ID, at: START, text } }) }).request;
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
    fc.assert(
      fc.property(
        anyTurn,
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        ({ observed, decision, now }, part) => {
          fc.pre(decision.step.kind === 'rest' && decision.again !== undefined && decision.again > now);
          const later = Math.floor(now + part * ((decision.again ?? now) - now));
          const text = (at: number) =>
            renderStatus(
              statusOf({
                cluster: CLUSTER,
                observed,
                decision: decide(observed, at),
                installation: INSTALLATION,
                now: at,
              }),
            );
          expect(text(later)).toBe(text(now));
        },
      ),
    );
  });
});

describe('readStatus', () => {
  const anyStatus = fc
    .tuple(anyTurn, fc.boolean(), fc.oneof(anyText, fc.json()))
    .map(([{ observed, decision, now }, simulated, text]) => {
      const create = observed.create && { ...observed.create, text };
      const seen = { ...observed, ...(create && { create }) };
      return statusOf({
        cluster: CLUSTER,
        observed: seen,
        decision,
        installation: { ...INSTALLATION, simulated },
        now,
      });
    });

  it('reads what was written, and what was written is safe to show', () => {
    fc.assert(
      fc.property(anyStatus, (status) => {
        const text = renderStatus(status);
        expect(text).toMatch(/^\{\n {2}"version": 1,\n/);
        expect(text).not.toMatch(/(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
        expect(readStatus(text)).toEqual(status);
      }),
    );
  });

  it('never fails, whatever somebody wrote', () => {
    const forged = fc.oneof(
      anyText,
      fc.json(),
      fc.tuple(anyStatus, fc.nat(), anyText).map(([status, at, text]) => {
        const whole = renderStatus(status);
        return whole.slice(0, at % whole.length) + text;
      }),
      fc
        .tuple(anyStatus, fc.string(), fc.jsonValue())
        .map(([status, key, value]) => JSON.stringify({ ...status, [key]: value })),
    );
    fc.assert(
      fc.property(forged, (text) => {
        const status = readStatus(text);
        if (status) expect(readStatus(renderStatus(status))).toEqual(status);
      }),
    );
  });

  it.each([
    ['another state', { state: 'free' }],
    ['no date', { since: 'yesterday' }],
    ['another outcome', { drop: { id: 'x', action: 'create', outcome: 'maybe' } }],
    ['a text for problems', { problems: 'none' }],
    [
      'an infinite price',
      { price: { estimate: '', usdPerHour: '1', usdUntilEnd: 1, parts: [], date: '', region: '' } },
    ],
    ['no version', { version: undefined }],
    ['settings that are lists', { settings: { ComputeMaxNodes: [1] } }],
    ['an address that is a list', { address: ['192.0.2.17'] }],
  ])('does not take %s', (_, wrong) => {
    const status = statusAt(running);
    expect(readStatus(renderStatus(status))).toEqual(status);
    expect(readStatus(JSON.stringify({ ...status, ...wrong }))).toBeUndefined();
  });

  it('does not take what is too long or too deep to be one of ours', () => {
    const status = renderStatus(statusAt(running));
    expect(readStatus(status + ' '.repeat(2_000_000))).toBeUndefined();
    expect(readStatus(status.replace('{', `{"deep": ${'['.repeat(50)}${']'.repeat(50)},`))).toBeUndefined();
  });

  it('lets fields pass that a later version may have', () => {
    expect(readStatus(JSON.stringify({ ...statusAt(running), version: 2, colour: 'red' }))?.state).toBe(
      'running',
    );
  });
});

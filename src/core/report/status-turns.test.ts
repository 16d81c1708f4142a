import { describe, expect, it } from 'vitest';
import {
  CREATE_ID,
  createFile,
  DELETE_ID,
  deleteFile,
  goneEntry,
  OTHER_ID,
  PROBLEMS,
  readyEntry,
  START,
  sampleEntry,
  stackOf,
} from '../../../test/report/samples.ts';
import { NOW, REFUSED_CREATE, RUNNING, statusAt } from '../../../test/report/status-at.ts';
import { DAY, HOUR } from '../instant.ts';
import type { Observed } from '../observed.ts';

describe('statusOf, turn by turn', () => {
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
      { ...RUNNING, create: createFile() },
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
        ...RUNNING,
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
      { ...RUNNING, create: REFUSED_CREATE },
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
        ...RUNNING,
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
        ...RUNNING,
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
      'both files, the request being newer',
      {
        create: createFile(OTHER_ID, START + DAY + 1),
        remove: deleteFile(),
        stack: stackOf('stopping'),
        entry: goneEntry(),
      },
      { state: 'waiting', drop: { id: OTHER_ID, action: 'create', outcome: 'pending' } },
    ],
    [
      'both files of one moment, which deletes',
      { create: createFile(OTHER_ID, START + DAY), remove: deleteFile(), ...RUNNING },
      { state: 'stopping', drop: { id: DELETE_ID, action: 'delete', outcome: 'pending' } },
    ],
    [
      'a deletion that has just been asked for',
      { ...RUNNING, remove: deleteFile() },
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
});

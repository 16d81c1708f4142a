import { describe, expect, test } from 'vitest';
import {
  create,
  entry,
  foreign,
  inShort,
  NOW,
  pending,
  remove,
  reserved,
  running,
  see,
  stack,
  tried,
  unready,
  why,
} from '../../test/decide/sights.ts';
import { decide } from './decide.ts';
import { DAY, HOUR, MINUTE } from './instant.ts';
import type { Observed } from './observed.ts';

type Case = readonly [title: string, seen: Observed, decided: string];

const cause = { resource: 'LoginNode', reason: 'no capacity' };
const failure = [why];
const ended = { endedAt: NOW - MINUTE };
const idle = (hours: number) => ({ ...entry().settings, IdleTimeout: hours * HOUR });
const rolledBack = stack('ROLLBACK_COMPLETE', { cause });

/** One line each: what is seen, and what is done about it. A is the drop that the entry was made for, B a new one, U an accepted change. */
const TABLE: Readonly<Record<string, readonly Case[]>> = {
  'a request for a new cluster': [
    ['nothing there', see({}), 'rest'],
    ['a good request', see({ create: create('A', 1) }), 'start A'],
    ['a bad request', see({ create: create('A', 1, 'refused') }), 'refuse create blank-file'],
    ['a request that went or changed under the reader', see({ create: create('A', 1, 'unread') }), 'rest'],
    [
      'reserved, then a crash: begun even if a limit has changed since',
      see({ create: create('A', 1, 'refused'), entry: reserved(1) }),
      'start A',
    ],
    ['reserved for an earlier drop', see({ create: create('B', 2), entry: reserved(1) }), 'start B'],
    [
      'the stack has begun',
      see({ create: create('A', 1), entry: reserved(0), stack: stack('CREATE_IN_PROGRESS') }),
      'confirm',
    ],
    [
      'the stack of an earlier drop has begun',
      see({
        create: create('B', 2),
        entry: reserved(0, { drop: { id: 'B', at: 2, text: '' } }),
        stack: running(),
      }),
      'adopt',
    ],
    ['a stack that no ledger knows', see({ stack: running() }), 'adopt'],
    ['a stack that no ledger knows, and a delete', see({ stack: running(), remove: remove(1) }), 'adopt'],
    [
      'being built',
      see({ create: create('A', 1), entry: unready(), stack: stack('CREATE_IN_PROGRESS') }),
      'rest',
    ],
    [
      'being built, the request removed by hand',
      see({ entry: unready(), stack: stack('CREATE_IN_PROGRESS') }),
      'rest',
    ],
    [
      'a second request while it is built waits',
      see({ create: create('B', 2, ['Nodes']), entry: unready(), stack: stack('CREATE_IN_PROGRESS') }),
      'rest',
    ],
    ['ready', see({ create: create('A', 1), entry: unready(), stack: running() }), 'note-ready'],
    ['ready, the request removed by hand', see({ entry: unready(), stack: running() }), 'note-ready'],
    [
      'built, the address is not known yet',
      see({ create: create('A', 1), entry: unready(), stack: stack('CREATE_COMPLETE') }),
      'rest +1m',
    ],
    [
      'built, the address is not known yet, nobody asks',
      see({ entry: unready(), stack: stack('CREATE_COMPLETE') }),
      'rest +1m',
    ],
    [
      'told, the request still there',
      see({ create: create('A', 1), entry: entry(), stack: running() }),
      'deliver',
    ],
    [
      'the stack was removed while it was started',
      see({ create: create('A', 1), entry: unready() }),
      'note-ended',
    ],
    ['… and told', see({ create: create('A', 1), entry: unready(ended) }), 'refuse create stack-vanished'],
  ],

  'a request for a running cluster': [
    ['a change', see({ create: create('B', 2, ['Nodes']), entry: entry(), stack: running() }), 'update B'],
    [
      'nothing in the stack changes',
      see({ create: create('B', 2), entry: entry(), stack: running() }),
      'accept B',
    ],
    [
      'a bad change: the cluster runs on',
      see({ create: create('B', 2, 'refused'), entry: entry(), stack: running() }),
      'refuse create blank-file',
    ],
    ['unread', see({ create: create('B', 2, 'unread'), entry: entry(), stack: running() }), 'rest'],
    [
      'written down, then a crash: sent',
      see({ create: create('U', 2), entry: entry({ update: pending() }), stack: running() }),
      'update',
    ],
    [
      'written down, a crash, the request removed by hand: that cancels nothing',
      see({ entry: entry({ update: pending() }), stack: running() }),
      'update',
    ],
    [
      'under way',
      see({
        create: create('U', 2),
        entry: entry({ update: pending() }),
        stack: stack('UPDATE_IN_PROGRESS'),
      }),
      'rest',
    ],
    [
      'done',
      see({ create: create('U', 2), entry: entry({ update: pending() }), stack: running({ drop: 'U' }) }),
      'fold-update',
    ],
    [
      'done, the request removed by hand',
      see({ entry: entry({ update: pending() }), stack: running({ drop: 'U' }) }),
      'fold-update',
    ],
    [
      'rolled back: never sent again',
      see({
        create: create('U', 2),
        entry: entry({ update: pending() }),
        stack: running({ status: 'UPDATE_ROLLBACK_COMPLETE', updateSeen: true, cause }),
      }),
      'note-update-failed update-failed',
    ],
    [
      'rolled back and noted',
      see({
        create: create('U', 2),
        entry: entry({ update: pending({ failure }) }),
        stack: running({ status: 'UPDATE_ROLLBACK_COMPLETE', updateSeen: true, cause }),
      }),
      'refuse create creation-failed',
    ],
    [
      'rolled back and noted, the request removed by hand',
      see({ entry: entry({ update: pending({ failure }) }), stack: running() }),
      'refuse nobody creation-failed',
    ],
    [
      'rolled back while it was meant to go, the delete removed by hand: never sent again either',
      see({
        create: create('U', 2),
        entry: entry({ update: pending(), ...tried(0) }),
        stack: running({ status: 'UPDATE_ROLLBACK_COMPLETE', updateSeen: true, cause }),
      }),
      'note-update-failed update-failed',
    ],
    [
      'another request after a change that failed',
      see({
        create: create('B', 3, ['Nodes']),
        entry: entry({ update: pending({ failure }) }),
        stack: running(),
      }),
      'update B',
    ],
    [
      'another request instead of a change not sent yet',
      see({ create: create('B', 3, ['Nodes']), entry: entry({ update: pending() }), stack: running() }),
      'update B',
    ],
    [
      'another request, no change to the stack, after a change not sent yet',
      see({ create: create('B', 3), entry: entry({ update: pending() }), stack: running() }),
      'update',
    ],
    [
      'another request, no change to the stack, after a change that failed',
      see({ create: create('B', 3), entry: entry({ update: pending({ failure }) }), stack: running() }),
      'accept B',
    ],
    [
      'another request while one is carried out waits',
      see({
        create: create('B', 3, ['N']),
        entry: entry({ update: pending() }),
        stack: stack('UPDATE_IN_PROGRESS'),
      }),
      'rest',
    ],
  ],

  'a delete': [
    ['of what is not there', see({ remove: remove(1) }), 'finish'],
    ['of what runs', see({ remove: remove(1), entry: entry(), stack: running() }), 'remove-stack asked'],
    [
      'of what is built',
      see({ remove: remove(1), entry: unready(), stack: stack('CREATE_IN_PROGRESS') }),
      'remove-stack asked',
    ],
    [
      'of what is changed',
      see({ remove: remove(1), entry: entry(), stack: stack('UPDATE_IN_PROGRESS') }),
      'remove-stack asked',
    ],
    [
      'of what runs with a change noted as failed',
      see({ remove: remove(1), entry: entry({ update: pending({ failure }) }), stack: running() }),
      'remove-stack asked',
    ],
    [
      'does not wait for a change to be told',
      see({ remove: remove(1), entry: entry({ update: pending() }), stack: running({ drop: 'U' }) }),
      'remove-stack asked',
    ],
    [
      'does not wait for an address',
      see({ remove: remove(1), entry: unready(), stack: running() }),
      'remove-stack asked',
    ],
    [
      'of a failed one, untold',
      see({ remove: remove(1), entry: unready(), stack: rolledBack }),
      'remove-stack asked',
    ],
    [
      'of a stuck one',
      see({ remove: remove(1), entry: entry(), stack: stack('UPDATE_ROLLBACK_FAILED') }),
      'remove-stack asked',
    ],
    [
      'under way',
      see({ remove: remove(1), entry: entry(tried(1)), stack: stack('DELETE_IN_PROGRESS') }),
      'rest',
    ],
    ['the stack is gone', see({ remove: remove(1), entry: entry(tried(1)) }), 'note-ended'],
    ['… and told', see({ remove: remove(1), entry: entry({ ...tried(1), ...ended }) }), 'finish'],
    [
      'of what was just being started: wait what comes',
      see({ remove: remove(1), entry: reserved(1.5) }),
      'rest +0.5m',
    ],
    ['nothing came of it', see({ remove: remove(1), entry: reserved(2) }), 'finish'],
    [
      'nothing can come of what CloudFormation refused',
      see({ remove: remove(1), entry: reserved(0, { failure }) }),
      'finish',
    ],
    [
      'the intent is kept when the file is removed by hand',
      see({ entry: entry(tried(0)), stack: running() }),
      'remove-stack asked',
    ],
    ['… and the end of it is still told', see({ entry: entry({ ...tried(1), ...ended }) }), 'finish'],
  ],

  'both files': [
    [
      'the delete is newer',
      see({ create: create('B', 1), remove: remove(2), entry: entry(), stack: running() }),
      'remove-stack asked',
    ],
    [
      'a tie deletes',
      see({ create: create('B', 2), remove: remove(2), entry: entry(), stack: running() }),
      'remove-stack asked',
    ],
    ['a tie on nothing', see({ create: create('A', 2), remove: remove(2) }), 'finish with create'],
    [
      'the delete is newer, nothing there',
      see({ create: create('A', 1), remove: remove(2) }),
      'finish with create',
    ],
    [
      'the delete is newer, the cluster is gone',
      see({ create: create('B', 1), remove: remove(2), entry: entry({ ...tried(1), ...ended }) }),
      'finish with create',
    ],
    [
      'times of files say nothing about times of stacks',
      see({
        create: create('A', NOW + DAY),
        remove: remove(NOW + 2 * DAY),
        entry: entry(),
        stack: running({ createdAt: NOW + 9 * DAY }),
      }),
      'remove-stack asked',
    ],
    ['the create is newer, nothing there', see({ create: create('A', 2), remove: remove(1) }), 'start A'],
    [
      'the create is newer and bad: the delete is not left to overrule the answer',
      see({ create: create('A', 2, 'refused'), remove: remove(1) }),
      'discard-delete',
    ],
    [
      'the create is newer and bad, a stack may yet come: the delete stays for it',
      see({ create: create('B', 2, 'refused'), remove: remove(1), entry: reserved(0) }),
      'refuse create blank-file',
    ],
    [
      'the create is newer: what runs is deleted first',
      see({ create: create('B', 2), remove: remove(1), entry: entry(), stack: running() }),
      'remove-stack replaced',
    ],
    [
      '… what is built as well',
      see({
        create: create('B', 2),
        remove: remove(1),
        entry: unready(),
        stack: stack('CREATE_IN_PROGRESS'),
      }),
      'remove-stack replaced',
    ],
    [
      '… what is changed as well',
      see({ create: create('B', 2), remove: remove(1), entry: entry(), stack: stack('UPDATE_IN_PROGRESS') }),
      'remove-stack replaced',
    ],
    [
      '… what was to be changed as well',
      see({
        create: create('U', 2),
        remove: remove(1),
        entry: entry({ update: pending() }),
        stack: running(),
      }),
      'remove-stack replaced',
    ],
    [
      '… and is going',
      see({
        create: create('B', 2),
        remove: remove(1),
        entry: entry(tried(1)),
        stack: stack('DELETE_IN_PROGRESS'),
      }),
      'rest',
    ],
    [
      '… and is gone: its end is told before the new one begins',
      see({ create: create('B', 2), remove: remove(1), entry: entry({ ...tried(1), ...ended }) }),
      'finish',
    ],
    [
      'the stack carries this very create: built',
      see({
        create: create('A', 2),
        remove: remove(1),
        entry: unready(),
        stack: stack('CREATE_IN_PROGRESS'),
      }),
      'discard-delete',
    ],
    [
      'the stack carries this very create: ready',
      see({ create: create('A', 2), remove: remove(1), entry: entry(), stack: running() }),
      'discard-delete',
    ],
    [
      'the stack is being changed to this very create',
      see({
        create: create('U', 2),
        remove: remove(1),
        entry: entry({ update: pending() }),
        stack: stack('UPDATE_IN_PROGRESS'),
      }),
      'discard-delete',
    ],
    [
      'the stack carries this very create and failed',
      see({ create: create('A', 2), remove: remove(1), entry: unready({ failure }), stack: rolledBack }),
      'discard-delete',
    ],
    [
      'CloudFormation refused this very create',
      see({ create: create('A', 2), remove: remove(1), entry: reserved(0, { failure }) }),
      'discard-delete',
    ],
    [
      'the stack of this very create was removed by somebody',
      see({ create: create('A', 2), remove: remove(1), entry: unready(ended) }),
      'discard-delete',
    ],
  ],

  'after a failure': [
    [
      'told by its cause',
      see({ create: create('A', 1), entry: unready(), stack: rolledBack }),
      'note-failed creation-failed',
    ],
    [
      'the request removed by hand',
      see({ entry: unready(), stack: rolledBack }),
      'note-failed creation-failed',
    ],
    [
      'noted: answered',
      see({ create: create('A', 1), entry: unready({ failure }), stack: rolledBack }),
      'refuse create creation-failed',
    ],
    [
      'noted: answered though nobody asks',
      see({ entry: unready({ failure }), stack: rolledBack }),
      'refuse nobody creation-failed',
    ],
    [
      'answered: cleared',
      see({ entry: unready({ failure }), stack: rolledBack }, { failed: true }),
      'remove-stack failed',
    ],
    [
      'never executed',
      see({ create: create('A', 1), entry: unready(), stack: stack('REVIEW_IN_PROGRESS') }),
      'note-failed creation-failed',
    ],
    [
      'undoing it',
      see({ create: create('A', 1), entry: unready(), stack: stack('ROLLBACK_IN_PROGRESS', { cause }) }),
      'rest',
    ],
    [
      'undoing it, nobody asks',
      see({ entry: unready(), stack: stack('ROLLBACK_IN_PROGRESS', { cause }) }),
      'rest',
    ],
    [
      'clearing it',
      see({ entry: unready({ failure, ...tried(1) }), stack: stack('DELETE_IN_PROGRESS') }, { failed: true }),
      'rest',
    ],
    ['cleared', see({ entry: unready({ failure, ...tried(1) }) }, { failed: true }), 'note-ended'],
    ['cleared and noted', see({ entry: unready({ failure, ...ended }) }, { failed: true }), 'forget'],
    [
      'cleared before it was told',
      see({ entry: unready({ failure, ...ended }) }),
      'refuse nobody creation-failed',
    ],
    [
      'cleared before it was told, the request there',
      see({ create: create('A', 1), entry: unready({ failure, ...ended }) }),
      'refuse create creation-failed',
    ],
    [
      'a new request: the old one goes without a word',
      see({ create: create('B', 2), entry: unready(), stack: rolledBack }),
      'remove-stack failed',
    ],
    [
      'a new request: the old one goes without a word though noted',
      see({ create: create('B', 2), entry: unready({ failure }), stack: rolledBack }),
      'remove-stack failed',
    ],
    [
      'a new request waits for that',
      see({ create: create('B', 2), entry: unready(tried(1)), stack: stack('DELETE_IN_PROGRESS') }),
      'rest',
    ],
    [
      'a new request: the old one has gone',
      see({ create: create('B', 2), entry: unready({ failure, ...ended }) }),
      'forget',
    ],
    [
      'CloudFormation refused it',
      see({ create: create('A', 1), entry: reserved(0, { failure }) }),
      'refuse create creation-failed',
    ],
    ['CloudFormation refused it, told', see({ entry: reserved(0, { failure }) }, { failed: true }), 'forget'],
  ],

  'a deletion that fails': [
    [
      'again after a minute',
      see({ remove: remove(1), entry: entry(tried(1, 0.5)), stack: stack('DELETE_FAILED') }),
      'rest +0.5m',
    ],
    [
      'now',
      see({ remove: remove(1), entry: entry(tried(1, 1)), stack: stack('DELETE_FAILED') }),
      'remove-stack asked',
    ],
    [
      'again after 10',
      see({ remove: remove(1), entry: entry(tried(2, 9)), stack: stack('DELETE_FAILED', { cause }) }),
      'rest +1m',
    ],
    [
      'now',
      see({ remove: remove(1), entry: entry(tried(2, 10)), stack: stack('DELETE_FAILED') }),
      'remove-stack asked',
    ],
    [
      'again after 60',
      see({ remove: remove(1), entry: entry(tried(3, 59)), stack: stack('DELETE_FAILED') }),
      'rest +1m',
    ],
    [
      'now',
      see({ remove: remove(1), entry: entry(tried(3, 60)), stack: stack('DELETE_FAILED') }),
      'remove-stack asked',
    ],
    [
      'then it is the administrator’s',
      see({ remove: remove(1), entry: entry(tried(4)), stack: stack('DELETE_FAILED', { cause }) }),
      'note-stuck',
    ],
    [
      '… who is told once',
      see({
        remove: remove(1),
        entry: entry({ ...tried(4), stuckTold: NOW - DAY }),
        stack: stack('DELETE_FAILED'),
      }),
      'rest +60m',
    ],
    [
      '… and then once more for each new file',
      see({
        remove: { ...remove(2), id: 'E' },
        entry: entry({ ...tried(4), stuckTold: NOW }),
        stack: stack('DELETE_FAILED'),
      }),
      'remove-stack asked',
    ],
    [
      'without a file: the intent',
      see({ entry: entry(tried(1, 2)), stack: stack('DELETE_FAILED') }),
      'remove-stack asked',
    ],
    [
      'a new request clears it first',
      see({ create: create('B', 2), entry: entry(tried(1, 1)), stack: stack('DELETE_FAILED') }),
      'remove-stack failed',
    ],
    [
      '… for the last time',
      see({ create: create('B', 2), entry: entry(tried(3, 60)), stack: stack('DELETE_FAILED') }),
      'remove-stack failed',
    ],
    [
      'a new request is refused once it is given up',
      see({
        create: create('B', 2),
        entry: entry({ ...tried(4), stuckTold: NOW }),
        stack: stack('DELETE_FAILED', { cause }),
      }),
      'refuse create stack-stuck',
    ],
    [
      '… and the administrator told before',
      see({ create: create('B', 2), entry: entry(tried(4)), stack: stack('DELETE_FAILED') }),
      'note-stuck',
    ],
    ['somebody else’s deletion', see({ entry: entry(), stack: stack('DELETE_FAILED') }), 'note-stuck'],
  ],

  'a stack that is stuck': [
    ['told', see({ entry: entry(), stack: stack('UPDATE_ROLLBACK_FAILED') }), 'note-stuck'],
    [
      'told once',
      see({ entry: entry({ stuckTold: NOW }), stack: stack('UPDATE_ROLLBACK_FAILED') }),
      'rest +60m',
    ],
    [
      'a word that is not known yet',
      see({ entry: entry({ stuckTold: NOW }), stack: stack('TELEPORT_COMPLETE') }),
      'rest +60m',
    ],
    [
      'a request',
      see({ create: create('B', 2), entry: entry(), stack: stack('UPDATE_ROLLBACK_FAILED') }),
      'note-stuck',
    ],
    [
      'a request, told',
      see({
        create: create('B', 2),
        entry: entry({ stuckTold: NOW }),
        stack: stack('UPDATE_ROLLBACK_FAILED'),
      }),
      'refuse create stack-stuck',
    ],
    [
      'it has an end like any other',
      see({ entry: entry({ stuckTold: NOW, endsAt: NOW }), stack: stack('UPDATE_ROLLBACK_FAILED') }),
      'remove-stack expired',
    ],
  ],

  'the end': [
    ['far away', see({ entry: entry(), stack: running() }), `rest +${2 * 24 * 60}m`],
    [
      'a day before',
      see({ entry: entry({ reservedAt: NOW - DAY, endsAt: NOW + DAY }), stack: running() }),
      'warn 24h',
    ],
    [
      'a day before, warned',
      see({ entry: entry({ reservedAt: NOW - DAY, endsAt: NOW + DAY, warned: ['24h'] }), stack: running() }),
      `rest +${23 * 60}m`,
    ],
    [
      'an hour before',
      see({ entry: entry({ reservedAt: NOW - DAY, endsAt: NOW + HOUR, warned: ['24h'] }), stack: running() }),
      'warn 1h',
    ],
    [
      'an hour before, both at once',
      see({ entry: entry({ reservedAt: NOW - DAY, endsAt: NOW + HOUR }), stack: running() }),
      'warn 1h',
    ],
    [
      'warned of both',
      see({
        entry: entry({ reservedAt: NOW - DAY, endsAt: NOW + HOUR, warned: ['24h', '1h'] }),
        stack: running(),
      }),
      'rest +60m',
    ],
    [
      'a life of a day is not warned of a day',
      see({ entry: entry({ reservedAt: NOW, endsAt: NOW + DAY }), stack: running() }),
      `rest +${23 * 60}m`,
    ],
    [
      'a life of an hour is not warned',
      see({ entry: entry({ reservedAt: NOW, endsAt: NOW + HOUR }), stack: running() }),
      'rest +60m',
    ],
    ['come', see({ entry: entry({ endsAt: NOW }), stack: running() }), 'remove-stack expired'],
    [
      'come while it is built',
      see({ entry: unready({ endsAt: NOW }), stack: stack('CREATE_IN_PROGRESS') }),
      'remove-stack expired',
    ],
    [
      'come while it is changed',
      see({ entry: entry({ endsAt: NOW }), stack: stack('UPDATE_IN_PROGRESS') }),
      'remove-stack expired',
    ],
    [
      'come before a change not sent yet',
      see({ entry: entry({ endsAt: NOW, update: pending() }), stack: running() }),
      'remove-stack expired',
    ],
    [
      'moved by a change under way, the request removed by hand',
      see({
        entry: entry({ endsAt: NOW, update: pending({ endsAt: NOW + DAY }) }),
        stack: stack('UPDATE_IN_PROGRESS'),
      }),
      'rest',
    ],
    [
      'moved nearer: not before that is done',
      see({ entry: entry({ update: pending({ endsAt: NOW }) }), stack: stack('UPDATE_IN_PROGRESS') }),
      'rest',
    ],
    [
      'not moved by a change that failed',
      see({
        entry: entry({ endsAt: NOW, update: pending({ endsAt: NOW + DAY, failure }) }),
        stack: running(),
      }),
      'remove-stack expired',
    ],
    [
      'never overrules a request',
      see({ create: create('B', 2), entry: entry({ endsAt: NOW }), stack: running() }),
      'accept B',
    ],
    [
      '… but for the request of the cluster itself, which was answered long ago and cannot be taken away',
      see({ create: create('A', 1), entry: entry({ endsAt: NOW }), stack: running() }),
      'remove-stack expired',
    ],
    [
      '… and for one that cannot be read, an hour later',
      see({
        create: create('B', 1, 'unread'),
        entry: entry({ endsAt: NOW - HOUR }),
        stack: running(),
      }),
      'remove-stack expired',
    ],
    [
      '… and for one that was refused, and cannot be taken away',
      see({
        create: create('B', 1, 'refused'),
        entry: entry({ endsAt: NOW - HOUR }),
        stack: running(),
      }),
      'remove-stack expired',
    ],
    [
      '… not before: a read that failed may succeed in a minute',
      see({
        create: create('B', 1, 'unread'),
        entry: entry({ endsAt: NOW - HOUR + 1 }),
        stack: running(),
      }),
      'rest',
    ],
    [
      'a request after the intent, before the stack goes',
      see({
        create: create('B', 2),
        entry: entry({ endsAt: NOW, ending: { why: 'expired', at: NOW, attempts: 0 } }),
        stack: running(),
      }),
      'accept B',
    ],
    [
      'the intent',
      see({ entry: entry({ ending: { why: 'expired', at: NOW, attempts: 0 } }), stack: running() }),
      'remove-stack expired',
    ],
  ],

  idleness: [
    ['off', see({ entry: entry(), stack: running(), lastUse: 0 }), `rest +${2 * 24 * 60}m`],
    [
      'not yet',
      see({ entry: entry({ settings: idle(2) }), stack: running(), lastUse: NOW - HOUR }),
      'rest +60m',
    ],
    [
      'for so long',
      see({ entry: entry({ settings: idle(2) }), stack: running(), lastUse: NOW - 2 * HOUR }),
      'remove-stack idle',
    ],
    [
      'unknown use is no idleness',
      see({ entry: entry({ settings: idle(2) }), stack: running() }),
      `rest +${2 * 24 * 60}m`,
    ],
    [
      'never overrules a request',
      see({ create: create('B', 2), entry: entry({ settings: idle(2) }), stack: running(), lastUse: 0 }),
      'accept B',
    ],
    [
      'comes before the end',
      see({
        entry: entry({ settings: idle(2), warned: ['24h', '1h'], reservedAt: NOW - DAY, endsAt: NOW + HOUR }),
        stack: running(),
        lastUse: NOW - 90 * MINUTE,
      }),
      'rest +30m',
    ],
  ],

  'what nobody asked for': [
    ['removed by somebody else', see({ entry: entry() }), 'note-ended'],
    [
      '… and told',
      see({ entry: entry({ ending: { why: 'outside', at: NOW, attempts: 0 }, ...ended }) }),
      'finish',
    ],
    [
      '.cf-created is missing or forged',
      see({ entry: entry(), stack: running() }, { createdRight: false }),
      'deliver',
    ],
    ['going', see({ entry: entry(), stack: stack('DELETE_IN_PROGRESS') }), 'rest'],
    ['a reservation is left alone', see({ entry: reserved(9) }), 'rest +1m'],
    ['… for 10 minutes', see({ entry: reserved(10) }), 'release'],
    ['a foreign stack', see({ stack: foreign }), 'rest'],
    ['a foreign stack and an entry', see({ stack: foreign, entry: entry({ endsAt: 0 }) }), 'rest'],
    [
      'a foreign stack and a create',
      see({ stack: foreign, create: create('A', 1) }),
      'refuse create foreign-stack',
    ],
    [
      'a foreign stack and a delete',
      see({ stack: foreign, remove: remove(1) }),
      'refuse remove foreign-stack',
    ],
    [
      'a foreign stack and both: one after the other',
      see({ stack: foreign, create: create('A', 1), remove: remove(2) }),
      'refuse create foreign-stack',
    ],
  ],
};

describe.each(Object.entries(TABLE))('%s', (_, cases) => {
  test.each(cases)('%s', (title, seen, decided) => {
    expect(inShort(decide(seen, NOW)), title).toBe(decided);
  });
});

describe('the reason', () => {
  const words = (seen: Observed) => decide(seen, NOW).why;

  test('names the cause of a failure, once known', () => {
    const undone = stack('ROLLBACK_IN_PROGRESS', { cause });
    expect(words(see({ entry: unready(), stack: undone }))).toMatch(/LoginNode failed: no capacity$/);
    expect(words(see({ create: create('A', 1), entry: unready(), stack: undone }))).toMatch(
      /LoginNode failed: no capacity$/,
    );
    expect(words(see({ entry: entry(), stack: stack('DELETE_IN_PROGRESS') }))).toBe(
      'the cluster is being taken down',
    );
    expect(
      words(see({ create: create('B', 1), entry: entry(), stack: stack('DELETE_IN_PROGRESS') })),
    ).toMatch(/earlier cluster/);
  });

  test.each([
    [tried(1), /failed: LoginNode: no capacity; trying again$/],
    [tried(4), /could not be taken down: LoginNode: no capacity$/],
    [{ ...tried(4), stuckTold: NOW }, /LoginNode: no capacity; the administrator has been told$/],
  ])('names the cause of a deletion that fails', (more, told) => {
    const seen = see({ remove: remove(1), entry: entry(more), stack: stack('DELETE_FAILED', { cause }) });
    expect(words(seen)).toMatch(told);
  });

  test('says what is waited for', () => {
    const building = stack('CREATE_IN_PROGRESS');
    expect(words(see({ create: create('A', 1), entry: unready(), stack: building }))).toBe(
      'the cluster is being built',
    );
    expect(words(see({ create: create('B', 2), entry: unready(), stack: building }))).toMatch(
      /your new request waits/,
    );
    expect(words(see({ entry: entry(), stack: stack('UPDATE_IN_PROGRESS') }))).toBe(
      'the cluster is being changed',
    );
    expect(words(see({ entry: entry(), stack: running() }))).toBe('running until Mon 23 Nov 2026, 12:00 UTC');
    expect(
      words(see({ create: create('B', 2, ['Nodes', 'Disk']), entry: entry(), stack: running() })),
    ).toMatch(/: Nodes, Disk$/);
  });

  test('tells a beginning from what was there before', () => {
    expect(words(see({ remove: remove(1) }))).toMatch(/no cluster of this name/);
    expect(words(see({ remove: remove(1), entry: entry(ended) }))).toBe('the cluster is gone');
    expect(words(see({ stack: foreign }))).toMatch(/left alone/);
    expect(
      words(see({ entry: entry({ reservedAt: NOW - DAY, endsAt: NOW + DAY }), stack: running() })),
    ).toMatch(/24 hours/);
    expect(
      words(see({ entry: entry({ reservedAt: NOW - DAY, endsAt: NOW + HOUR }), stack: running() })),
    ).toMatch(/one hour/);
  });
});

describe('what is told of a failure', () => {
  const messages = (seen: Observed) => {
    const { step } = decide(seen, NOW);
    return 'problems' in step ? step.problems.map((one) => one.message).join() : '';
  };

  test.each([
    [stack('ROLLBACK_COMPLETE', { cause, reason: 'rolled back' }), /LoginNode.*no capacity/],
    [stack('ROLLBACK_COMPLETE', { reason: 'rolled back' }), /rolled back/],
    [stack('ROLLBACK_COMPLETE'), /ROLLBACK_COMPLETE/],
  ])('the cause, else the reason, else the state', (seen, told) => {
    expect(messages(see({ entry: unready(), stack: seen }))).toMatch(told);
  });

  test.each([
    [{ cause, reason: 'rolled back' }, /LoginNode.*no capacity/],
    [{ reason: 'rolled back' }, /rolled back/],
  ])('the cause of a change rolled back, else the reason', (more, told) => {
    const seen = running({ ...more, status: 'UPDATE_ROLLBACK_COMPLETE', updateSeen: true });
    expect(messages(see({ entry: entry({ update: pending() }), stack: seen }))).toMatch(told);
  });

  test.each([
    [{ cause, reason: 'stuck' }, /UPDATE_ROLLBACK_FAILED.*no capacity/],
    [{ reason: 'so it is' }, /UPDATE_ROLLBACK_FAILED.*so it is/],
  ])('what a stack is stuck in, and why', (more, told) => {
    const seen = stack('UPDATE_ROLLBACK_FAILED', more);
    expect(messages(see({ create: create('B', 2), entry: entry({ stuckTold: NOW }), stack: seen }))).toMatch(
      told,
    );
  });
});

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { attend } from '../../src/engine/attend.ts';
import { soon } from '../soon.ts';
import { portsThrough } from './ports-through.ts';
import { Town } from './town.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let town: Town;
beforeEach(async () => {
  town = await Town.open(['alice']);
});
afterEach(() => town.close());

/** The town while no mail goes out. */
const silent = () =>
  portsThrough(town.world(), async (label, go) => {
    if (label.startsWith('mail.')) throw new Error('connection refused');
    return go();
  });
const waiting = async () => (await town.world().ledgers.read('alice')).mail.map((letter) => letter.subject);

describe('mail that cannot be sent', () => {
  test('keeps no cluster back, waits in the ledger, and goes out when it can', async () => {
    await town.put('alice/c.cf-create');
    await town.converge({ world: silent() });
    expect(town.files('alice')).toEqual(['c.cf-created', 'c.cf-status']);
    expect(town.letters()).toEqual([]);
    expect(await waiting()).toHaveLength(2);
    expect(town.troubles).toEqual([]);
    await town.converge({ horizon: MINUTE });
    expect(town.letters()).toEqual(['ready', 'starting']);
    expect(await waiting()).toEqual([]);
  });

  test('is tried again every minute', async () => {
    await town.put('alice/c.cf-create');
    await town.reconcile('alice/c');
    const nudge = { kind: 'mail', user: 'alice' } as const;
    expect((await attend(silent(), nudge)).again).toBe(town.clock.now() + MINUTE);
    expect((await attend(town.world(), nudge)).again).toBeUndefined();
    expect(town.letters()).toEqual(['starting']);
  });

  test('is given up after 24 hours, and the administrator hears of it', async () => {
    await town.put('alice/c.cf-create', '{"Lifetime": "9d"}');
    await town.converge({ world: silent(), horizon: HOUR });
    town.clock.advance(22 * HOUR);
    await town.converge({ world: silent(), horizon: MINUTE });
    expect(await waiting()).toHaveLength(2);
    expect(town.troubles).toEqual([]);
    town.clock.advance(2 * HOUR);
    await town.converge({ world: silent(), horizon: MINUTE });
    expect(town.troubles).toHaveLength(2);
    expect(town.troubles.join('\n')).toMatch(/^alice: .*connection refused/m);
    expect(town.files('alice')).toEqual(['c.cf-created', 'c.cf-status']);
    // The administrator's own address may work; if it does not either, that is the end of it.
    expect(await waiting()).toEqual([
      expect.stringMatching(/^Mail could not be sent/),
      expect.stringMatching(/is ready/),
    ]);
    town.clock.advance(25 * HOUR);
    await town.converge({ world: silent(), horizon: MINUTE });
    expect(await waiting()).toEqual([]);
  });

  test('one that fails does not hold up the others', async () => {
    let first = true;
    const world = portsThrough(town.world(), async (label, go) => {
      if (label.startsWith('mail.') && first) {
        first = false;
        throw new Error('mailbox unavailable');
      }
      return go();
    });
    await town.put('alice/c.cf-create');
    await town.put('alice/d.cf-create');
    await town.reconcile('alice/c');
    await town.reconcile('alice/d');
    expect((await attend(world, { kind: 'mail', user: 'alice' })).again).toBe(town.clock.now() + MINUTE);
    expect(town.letters()).toEqual(['starting']);
    expect(await waiting()).toHaveLength(1);
  });
});

test('two who look at once send a letter once; one whose sender has died is sent by the next', async () => {
  await town.put('alice/c.cf-create');
  await town.reconcile('alice/c');
  const sent: string[] = [];
  const counting = (send: () => Promise<void>) => ({
    ...town.world(),
    mail: {
      send: async ({ subject }: { readonly subject: string }) => {
        sent.push(subject);
        await send();
      },
    },
  });
  const nudge = { kind: 'mail', user: 'alice' } as const;
  // The first never hears whether its letter went out.
  const dead = attend(
    counting(() => new Promise(() => undefined)),
    nudge,
  );
  await soon(() => expect(sent).toHaveLength(1));
  const good = counting(async () => undefined);
  await attend(good, nudge);
  expect(sent).toHaveLength(1);
  expect(await waiting()).toHaveLength(1);
  town.clock.advance(2 * MINUTE);
  await attend(good, nudge);
  expect(sent).toHaveLength(2);
  expect(await waiting()).toEqual([]);
  void dead;
});

test('a letter that was sent, but not struck, is sent again: twice, never none', async () => {
  class Crash extends Error {}
  const dying = portsThrough(town.world(), async (label, go) => {
    if (label.startsWith('mail.')) {
      await go();
      throw new Crash();
    }
    return go();
  });
  await town.put('alice/c.cf-create');
  await town.reconcile('alice/c');
  // A process that dies here does not come to strike the letter: the failed call stands for it.
  await attend(dying, { kind: 'mail', user: 'alice' });
  expect(town.letters()).toEqual(['starting']);
  rmSync(join(town.dir, 'outbox'), { recursive: true });
  await attend(town.world(), { kind: 'mail', user: 'alice' });
  expect(town.letters()).toEqual(['starting']);
  expect(await waiting()).toEqual([]);
});

test('where nobody has an address no mail is written, and everything else goes its way', async () => {
  const world = town.world();
  const { adminEmail: _, ...installation } = world.installation;
  await world.admin.put('users/alice.json', '{"version":1}');
  await town.put('alice/c.cf-create');
  await town.converge({ world: { ...world, installation } });
  expect(town.files('alice')).toEqual(['c.cf-created', 'c.cf-status']);
  expect(town.letters()).toEqual([]);
  expect(await waiting()).toEqual([]);
});

import { afterEach, beforeEach, expect, test } from 'vitest';
import { identityOf, stackNameOf } from '../../src/core/identity.ts';
import { Town } from './town.ts';

const DAY = 24 * 60 * 60_000;

let town: Town;
beforeEach(async () => {
  town = await Town.open(['alice', 'bob']);
});
afterEach(() => town.close());

const cluster = () => town.cluster('alice/c');
const identity = () => identityOf('test', cluster());

/** A stack of the very name that alice's cluster would have, made by somebody else. */
async function somebodyElses(tags: Readonly<Record<string, string>>): Promise<string> {
  await town.put('bob/x.cf-create');
  await town.converge();
  const entry = (await town.world().ledgers.read('bob')).clusters['local/home/bob/x'];
  const outcome = await town.world().stacks.create({
    name: stackNameOf('cd', identity(), cluster()),
    blueprint: entry?.blueprint ?? { name: '', hash: '' },
    parameters: entry?.parameters ?? {},
    tags,
    capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'],
    token: 'theirs',
  });
  return outcome.kind === 'begun' ? outcome.id : outcome.kind;
}

const tagsOf = (installation: string, whose: string) => ({
  'clusterdrop:installation': installation,
  'clusterdrop:cluster': whose,
  'clusterdrop:drop': 'd'.repeat(64),
  'clusterdrop:bucket': 'local',
  'clusterdrop:path-0': 'home/alice/c',
});

test.each([
  ['without tags', () => ({})],
  ['with another’s identity', () => tagsOf('test', 'f'.repeat(64))],
  ['of another installation', () => tagsOf('other', identity())],
])('a stack of our name %s is never touched, and who asks is told', async (_, tags) => {
  const id = await somebodyElses(tags());
  expect(id).toMatch(/^arn:/);
  await town.put('alice/c.cf-create');
  await town.converge();
  expect(town.files('alice')).toEqual(['c.cf-failed', 'c.cf-status']);
  expect(town.read('alice/c.cf-failed')).toMatch(/stack/);
  await town.put('alice/c.cf-delete');
  await town.converge();
  town.clock.advance(9 * DAY);
  await town.converge({ horizon: 60_000 });
  expect(town.files('alice')).not.toContain('c.cf-delete');
  expect(town.files('alice')).not.toContain('c.cf-deleted');

  const report = await town.world().stacks.describe({ name: '', id });
  expect(report).toMatchObject({ status: 'CREATE_COMPLETE', tags: tags() });
  const events: string[] = [];
  for await (const event of town.world().stacks.events(id)) events.push(event.status);
  expect(events.some((status) => /^(?:UPDATE|DELETE)/.test(status))).toBe(false);
  expect((await town.world().ledgers.read('alice')).clusters).toEqual({});
});

test('once it has gone, the name is free', async () => {
  const id = await somebodyElses({});
  await town.put('alice/c.cf-create');
  await town.converge();
  await town.world().stacks.remove(id, 'theirs-again');
  await town.converge();
  await town.put('alice/c.cf-create');
  await town.converge();
  expect(town.files('alice')).toEqual(['c.cf-created', 'c.cf-status']);
});

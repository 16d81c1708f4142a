import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Town } from './town.ts';

let town: Town;
beforeEach(async () => {
  town = await Town.open(['alice', 'bob']);
});
afterEach(() => town.close());

const admin = () => town.world().admin;
const status = (path: string) => JSON.parse(town.read(`${path}.cf-status`) ?? '{}');

describe('what the administrator has to mend', () => {
  test.each([
    ['limits that are no JSON', 'limits/default.json', '{"version":1,', /limits\/default\.json/],
    [
      'limits of a later version',
      'limits/default.json',
      '{"version":2,"clusters":5}',
      /limits\/default\.json[\s\S]*2/,
    ],
    [
      'limits with a word that is none',
      'limits/alice.json',
      '{"version":1,"clusters":"many"}',
      /limits\/alice\.json/,
    ],
    ['a registered address of a later version', 'users/alice.json', '{"version":3}', /users\/alice\.json/],
  ])('%s: nothing starts by a guess, and the user is told whose move it is', async (_, key, text, told) => {
    await admin().put(key, text);
    await town.put('alice/c.cf-create');
    await town.converge();
    expect(await town.stacks()).toEqual(new Map());
    expect(town.files('alice')).toEqual(['c.cf-failed', 'c.cf-status']);
    expect(town.read('alice/c.cf-failed')).toMatch(told);
    expect(town.read('alice/c.cf-failed')).toMatch(/administrator/);
    expect((await town.world().ledgers.read('alice')).clusters).toEqual({});
  });

  test('limits of one user that cannot be read are no other user’s trouble', async () => {
    await admin().put('limits/alice.json', 'nonsense');
    await town.put('bob/c.cf-create');
    await town.converge();
    expect(town.files('bob')).toEqual(['c.cf-created', 'c.cf-status']);
  });

  test('a running cluster runs on while limits cannot be read, and can be deleted', async () => {
    await town.put('alice/c.cf-create');
    await town.converge();
    await admin().put('limits/default.json', 'nonsense');
    await town.put('alice/c.cf-create', '{"ComputeMaxNodes": 9}');
    await town.converge();
    expect(town.files('alice')).toEqual(['c.cf-created', 'c.cf-failed', 'c.cf-status']);
    expect(status('alice/c')).toMatchObject({ state: 'running' });
    await town.put('alice/c.cf-delete');
    await town.converge();
    expect(town.files('alice')).toEqual(['c.cf-deleted', 'c.cf-status']);
  });

  test('a blueprint that cannot be read is told once where it is seen, and keeps no other back', async () => {
    await admin().put('blueprints/broken/current.json', '{"version":1,"hash":"none"}');
    await admin().put('blueprints/odd/current.json', '{"version":1}');
    await town.put('alice/c.cf-create');
    await town.converge();
    expect(town.files('alice')).toEqual(['c.cf-created', 'c.cf-status']);
    expect(town.troubles.join('\n')).toMatch(/blueprint broken/);
    expect(town.troubles.join('\n')).toMatch(/blueprint odd.*"hash" is missing/);
  });
});

describe('what the administrator changes', () => {
  test('a new default of a blueprint is for new clusters; running ones keep theirs through a change', async () => {
    await town.put('alice/old.cf-create');
    await town.converge();
    const before = (await town.stacks()).get('alice/old')?.[0]?.parameters;
    const current = JSON.parse(
      new TextDecoder().decode((await admin().get('blueprints/slurm/current.json'))?.body),
    );
    await admin().put(
      'blueprints/slurm/current.json',
      JSON.stringify({ ...current, defaults: { MasterSystemVolumeSize: 77 } }),
    );
    await town.put('alice/new.cf-create');
    await town.put('alice/old.cf-create', '{"ComputeMaxNodes": 2}');
    await town.converge();
    const stacks = await town.stacks();
    expect(stacks.get('alice/new')?.[0]?.parameters).toMatchObject({ MasterSystemVolumeSize: '77' });
    expect(stacks.get('alice/old')?.[0]?.parameters).toEqual({ ...before, ComputeMaxNodes: '2' });
  });

  test('a profile that is removed stops new clusters, not those that run', async () => {
    await town.put('alice/c.cf-create');
    await town.converge();
    for await (const page of admin().list('customizer/alice/'))
      for (const { key, version } of page.objects) await admin().remove(key, version);
    await town.put('alice/d.cf-create');
    await town.converge();
    expect(town.files('alice')).toEqual(['c.cf-created', 'c.cf-status', 'd.cf-failed', 'd.cf-status']);
    await town.put('alice/c.cf-delete');
    await town.converge();
    expect(town.files('alice')).toContain('c.cf-deleted');
  });
});

describe('near misses', () => {
  test('are consumed when they are ours, and answered anew when written anew', async () => {
    await town.put('alice/my cluster.cf-create', '{"//": "first"}');
    await town.put('alice/notes.cf-create.txt', 'first');
    await town.converge();
    expect(town.files('alice')).toEqual(['my cluster.cf-failed', 'notes.cf-create.txt', 'notes.cf-failed']);
    expect(town.read('alice/my cluster.cf-failed')).toContain('{"//": "first"}');
    const answered = town.read('alice/notes.cf-failed');
    town.removeByHand('alice/notes.cf-failed');
    await town.converge({ horizon: 60_000 });
    expect(town.files('alice')).not.toContain('notes.cf-failed');
    await town.put('alice/notes.cf-create.txt', 'second');
    await town.converge({ horizon: 60_000 });
    expect(town.read('alice/notes.cf-failed')).toContain('second');
    expect(town.read('alice/notes.cf-failed')).not.toBe(answered);
    expect((await town.world().ledgers.read('alice')).notices).toHaveProperty(
      'home/alice/notes.cf-create.txt',
    );
    expect((await town.stacks()).size).toBe(0);
  });

  test('a flood of them does not make the ledger grow for ever', async () => {
    const { store } = town.world();
    for (let n = 0; n < 230; n++) await store.put(`home/alice/n${n}.cf-create.txt`, '');
    await town.converge({ horizon: 60_000 });
    expect(Object.keys((await town.world().ledgers.read('alice')).notices).length).toBeLessThanOrEqual(200);
    expect(town.files('alice').filter((file) => file.endsWith('.cf-failed'))).toHaveLength(230);
  });

  test('a folder that is a trick of paths is nobody’s, and no other user’s file is written', async () => {
    await town.put('alice/.../c.cf-create');
    await town.put('default/c.cf-create');
    await town.put('all/c.cf-delete', '');
    await town.converge();
    expect(town.files('default')).toEqual(['c.cf-create']);
    expect(town.files('all')).toEqual(['c.cf-delete']);
    expect((await town.stacks()).size).toBe(0);
  });
});

import { afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { baseImageTar } from './base-image.ts';
import { Lab, type LabKind } from './lab.ts';
import { Running } from './running.ts';
import { NOTHING } from './world.ts';

/** What else people have on their machines than what all other tests run on: each with a lab of its own, and a short story. */
describe.skipIf(!inject('lab')).each<[string, LabKind]>([
  ['Docker on cgroups of version 2', { cgroups: 2 }],
  ['Podman', { engine: 'podman' }],
  ['Docker, with hosts of the next Debian', { hosts: 'trixie' }],
])('%s', { timeout: 240_000 }, (_, kind) => {
  // A whole Debian may have to be downloaded.
  beforeAll(() => baseImageTar(kind.hosts), 900_000);
  let lab: Lab | undefined;
  let town: Running | undefined;
  afterEach(async () => {
    await town?.close();
    await lab?.stop();
  });

  test('has clusters that compute, whose nodes come and go, and which leave nothing behind', async () => {
    lab = await Lab.start(kind);
    if (kind.cgroups) {
      const { stdout } = await lab.docker('info', '--format', '{{.CgroupVersion}}');
      expect(stdout.trim()).toBe(String(kind.cgroups));
    }
    town = new Running(lab.place, { CLUSTERDROP_SHRINK_AFTER: '2' });
    await town.start();
    town.write('alice', 'mycluster.files/data', 'kept\n');
    town.create('alice', 'mycluster');
    await town.untilRunning('alice', 'mycluster');
    const out = await town.login(
      'alice',
      'mycluster',
      'srun -N2 hostname | sort; cat files/data; echo new >files/new',
    );
    expect(out).toBe('node-1\nnode-2\nkept\n');
    // Also by a process that begins: no other engine would do.
    await town.end();
    await town.start();
    const { world } = town;
    await town.until('the nodes go', async () => (await world.nodes('alice/mycluster')).length === 0);
    await town.delete('alice', 'mycluster');
    expect(await world.counts('alice/mycluster')).toEqual(NOTHING);
    expect(town.read('alice', 'mycluster.files/new')).toBe('new\n');
    await town.end();
    await town.command('local', '--clean');
    expect(await world.images()).toEqual([]);
  });
});

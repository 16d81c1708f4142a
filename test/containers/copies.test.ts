import { cpSync, renameSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { describeInLab } from './describe-in-lab.ts';
import { Running } from './running.ts';

describeInLab('a folder that was put back to an older state', (lab) => {
  let town: Running;
  beforeEach(async () => {
    town = new Running(lab);
    await town.start();
  });
  afterEach(() => town?.close());

  test('leaves alone the clusters that were begun since, and says so', { timeout: 240_000 }, async () => {
    await town.end();
    const [older, newer] = [`${town.dir}-older`, `${town.dir}-newer`];
    cpSync(town.dir, older, { recursive: true });
    await town.start();
    town.create('alice', 'since');
    await town.untilRunning('alice', 'since', 180_000);
    await town.login('alice', 'since', 'echo unsaved >notes');
    await town.end('SIGKILL');

    renameSync(town.dir, newer);
    renameSync(older, town.dir);
    await town.start();
    await town.until('it tells', () =>
      /something of alice\/since, of which this folder has no record/.test(town.printed),
    );
    expect(await town.world.counts('alice/since')).toEqual({ container: 1, network: 1, volume: 1 });
    await town.end();

    renameSync(town.dir, older);
    renameSync(newer, town.dir);
    await town.start();
    await town.untilRunning('alice', 'since');
    expect(await town.login('alice', 'since', 'cat notes')).toBe('unsaved\n');
  });
});

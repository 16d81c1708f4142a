import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Problem } from '../../src/core/problems.ts';
import { Housekeeping } from '../../src/local/housekeeping.ts';
import { prepareFolder } from '../../src/local/prepare-folder.ts';
import { runLocal } from '../../src/local/run-local.ts';
import { type LocalWorld, localWorld } from '../../src/local/world.ts';
import { soon } from '../soon.ts';

describe('the watcher of a folder', () => {
  let dir: string;
  let world: LocalWorld;
  let troubles: { about: string; problem: Problem }[];
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'clusterdrop-watch-'));
    await prepareFolder(dir);
    troubles = [];
    const log = {
      turn: () => undefined,
      answered: () => undefined,
      trouble: (about: string, problem: Problem) => void troubles.push({ about, problem }),
    };
    world = await localWorld({ dir, speed: 1, log, environment: {} });
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const about = () => new Set(troubles.map((one) => one.about));

  it('goes on with what is under way while it cannot look into the folder', async () => {
    renameSync(join(dir, 'bucket'), join(dir, 'away'));
    const stop = new AbortController();
    const running = runLocal(world, stop.signal);
    await soon(() => expect(about()).toEqual(new Set(['watching', 'sweep'])));
    stop.abort();
    await running;
  });

  it('keeps house in one bucket when it cannot in the other, and has ended when it says so', async () => {
    const versions = (store: string) => join(dir, '.clusterdrop', store, 'versions');
    rmSync(versions('bucket'), { recursive: true });
    writeFileSync(versions('bucket'), 'not a folder');
    const old = join(versions('admin'), 'limits', 'default.json');
    mkdirSync(old, { recursive: true });
    for (const n of [1, 2, 3, 4, 5, 6, 7]) writeFileSync(join(old, `2020010${n}T000000.000Z-a`), '');
    const housekeeping = new Housekeeping(world);
    housekeeping.tick();
    housekeeping.tick();
    await housekeeping.stopped();
    expect(readdirSync(old)).toHaveLength(5);
    expect(troubles.map((one) => one.about)).toEqual(['housekeeping']);
    // Not again before its time.
    housekeeping.tick();
    await housekeeping.stopped();
    expect(troubles).toHaveLength(1);
  });
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInLab } from './describe-in-lab.ts';
import { Running } from './running.ts';
import { NOTHING } from './world.ts';

// The least that may be asked for. Files are saved as often while a cluster runs.
const FIVE_MINUTES = '5m';
const LONGEST = 9 * 60_000;

describeInLab('clusters that are left alone', (lab) => {
  let town: Running;
  beforeAll(async () => {
    town = new Running(lab);
    await town.start();
    town.create('alice', 'idle', { IdleTimeout: FIVE_MINUTES });
    town.create('alice', 'kept');
    for (const name of ['idle', 'kept']) {
      await town.untilRunning('alice', name, 180_000);
      await town.login('alice', name, `echo ${name} >files/mine`);
    }
  }, 300_000);
  afterAll(() => town?.close());

  test.concurrent('have their files in the bucket while they run', { timeout: LONGEST }, async () => {
    await town.until('the file', () => town.read('alice', 'kept.files/mine') === 'kept\n', LONGEST);
    expect(town.status('alice', 'kept')?.state).toBe('running');
  });

  test.concurrent('end by themselves where that was asked for, and leave nothing but their files', {
    timeout: LONGEST,
  }, async () => {
    await town.until('the idle one has ended', () => town.has('alice', 'idle.cf-deleted'), LONGEST);
    await town.untilGone('alice', 'idle');
    expect(town.read('alice', 'idle.cf-deleted')).toMatch(/idle|unused|not used|nobody/i);
    expect(town.read('alice', 'idle.files/mine')).toBe('idle\n');
    expect(await town.world.counts('alice/idle')).toEqual(NOTHING);
    expect(await town.world.hosts('alice/kept')).toEqual(['login']);
  });
});

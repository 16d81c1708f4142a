import { afterEach, beforeEach, expect, test } from 'vitest';
import { describeInLab } from './describe-in-lab.ts';
import { Running } from './running.ts';
import { NOTHING } from './world.ts';

describeInLab('hosts that do what they like', (lab) => {
  let town: Running;
  beforeEach(async () => {
    town = new Running(lab);
    await town.start();
  });
  afterEach(() => town?.close());

  test('a login host that talks without end, hangs up, or lists without end, holds up nobody and cannot stay', {
    timeout: 300_000,
  }, async () => {
    town.create('alice', 'loud');
    await town.untilRunning('alice', 'loud', 180_000);
    const loud = await town.world.container('alice/loud', 'login');
    const replace = (path: string, script: string) =>
      town.world.docker('exec', loud, 'sh', '-c', `printf '#!/bin/sh\\n${script}\\n' >${path}`);
    // What talks without end comes last: long after its own end what it said is still being heard, line by line.
    for (const [number, follow] of [
      'exit 0',
      'head -c 1G /dev/zero',
      'while :; do echo nodes node-1; echo nodes; done',
    ].entries()) {
      const ran = `/run/ran.${number}`;
      await replace('/usr/local/lib/clusterdrop/follow', `touch ${ran}\\n${follow}`);
      // The one that is listened to ends, and the new one is called. One that hung up is there no more.
      await town.world.docker('exec', loud, 'sh', '-c', "pkill -x 'tail|follow|head' || true");
      await town.until(`it talks: ${follow}`, () =>
        town.world.docker('exec', loud, 'test', '-e', ran).then(
          () => true,
          () => false,
        ),
      );
      town.create('alice', 'quiet');
      await town.untilRunning('alice', 'quiet');
      expect(await town.login('alice', 'quiet', 'srun hostname')).toBe('node-1\n');
      await town.delete('alice', 'quiet');
    }
    await replace('/usr/bin/find', 'cat /dev/zero');
    await town.delete('alice', 'loud');
    expect(town.read('alice', 'loud.cf-deleted')).toContain('the listing of ~/files makes no sense');
    await town.until('nothing is left', async () => {
      const counts = await town.world.counts();
      return JSON.stringify(counts) === JSON.stringify(NOTHING);
    });
  });

  test('a login host that somebody has removed: what its volume holds is saved before that goes', {
    timeout: 300_000,
  }, async () => {
    town.create('alice', 'mycluster');
    await town.untilRunning('alice', 'mycluster', 180_000);
    await town.login('alice', 'mycluster', 'echo written >files/result');
    await town.end('SIGKILL');
    await town.world.docker('rm', '--force', await town.world.container('alice/mycluster', 'login'));
    town.write('alice', 'mycluster.cf-delete', '');
    await town.start();
    await town.untilGone('alice', 'mycluster');
    expect(town.read('alice', 'mycluster.files/result')).toBe('written\n');
    expect(await town.world.counts()).toEqual(NOTHING);
  });
});

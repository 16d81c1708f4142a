import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { describeInLab } from './describe-in-lab.ts';
import { Running } from './running.ts';
import { NOTHING } from './world.ts';

describeInLab('what fails in containers', (lab) => {
  let town: Running;
  beforeEach(() => {
    town = new Running(lab);
  });
  afterEach(() => town?.close());

  /** An image like the lab's own but for what `change` does to it. */
  async function baseImage(name: string, change: string): Promise<string> {
    const folder = join(dirname(town.dir), name);
    mkdirSync(folder);
    writeFileSync(join(folder, 'Dockerfile'), `FROM ${lab.baseImage}\nRUN ${change}\n`);
    const tag = `clusterdrop-lab-${name}:1`;
    await town.world.docker('build', '--quiet', '--network', 'none', '--tag', tag, folder);
    return tag;
  }

  test('a profile script: the cluster runs, and its status says on which hosts it failed and why', {
    timeout: 240_000,
  }, async () => {
    await town.start();
    const file = join(town.dir, 'admin', 'customizer', 'alice', 'configure.d', 'licence.sh');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '#!/bin/sh\necho begins\necho "no licence for $2" >&2\nexit 3\n');
    town.create('alice', 'mycluster');
    await town.untilRunning('alice', 'mycluster', 180_000);
    expect(await town.login('alice', 'mycluster', 'srun hostname')).toBe('node-1\n');
    const told = (host: string, role: string) =>
      `licence.sh of profile alice failed on ${host} with exit code 3: no licence for ${role}`;
    for (const text of [told('the login host', 'master'), told('node-1', 'slave')])
      await town.until(
        text,
        () => town.read('alice', 'mycluster.cf-status')?.includes(text),
        // A report is written once a minute.
        100_000,
      );
  });

  test('a step of the boot: it is told with its last words, nothing is left, and the next drop is a new beginning', {
    timeout: 240_000,
  }, async () => {
    const broken = await baseImage('no-slurmctld', 'ln -sf /bin/false $(command -v slurmctld)');
    await town.start(broken);
    town.create('alice', 'mycluster');
    const failed = await town.until(
      'the failure is told',
      () => !town.has('alice', 'mycluster.cf-create') && town.read('alice', 'mycluster.cf-failed'),
      180_000,
    );
    expect(failed).toMatch(/\bready\b/);
    expect(failed).toContain('Slurmctld(primary)');
    await town.until('nothing is left', async () =>
      Object.values(await town.world.counts()).every((n) => n === 0),
    );
    expect(await town.world.counts()).toEqual(NOTHING);
    expect(town.has('alice', 'mycluster.cf-created')).toBe(false);

    expect(await town.end('SIGINT')).toBe(0);
    await town.start();
    town.create('alice', 'mycluster');
    // The old reply goes when the new drop is accepted.
    await town.until('it is accepted', () => !town.has('alice', 'mycluster.cf-failed'));
    await town.untilRunning('alice', 'mycluster', 180_000);
    expect(await town.login('alice', 'mycluster', 'hostname')).toBe('login\n');
  });

  test('a profile script that breaks sshd: the creation ends soon, with what sshd said', {
    timeout: 240_000,
  }, async () => {
    await town.start();
    const file = join(town.dir, 'admin', 'customizer', 'alice', 'configure.d', 'ssh.sh');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '[ "$2" = slave ] || echo NoSuchOption yes >>/etc/ssh/sshd_config\n');
    town.create('alice', 'mycluster');
    const failed = await town.until(
      'the failure is told',
      () => !town.has('alice', 'mycluster.cf-create') && town.read('alice', 'mycluster.cf-failed'),
      180_000,
    );
    expect(failed).toContain('sshd does not listen');
    expect(failed).toContain('Bad configuration option: NoSuchOption');
  });

  test('compute hosts that never join: the job waits, and the status says why', {
    timeout: 300_000,
  }, async () => {
    await town.start(await baseImage('no-slurmd', 'ln -sf /bin/false $(command -v slurmd)'));
    town.create('alice', 'mycluster', { ComputeMaxNodes: 1 });
    await town.untilRunning('alice', 'mycluster', 180_000);
    await town.login('alice', 'mycluster', 'sbatch --wrap hostname');
    await town.until(
      'the status tells of it',
      () =>
        town
          .read('alice', 'mycluster.cf-status')
          ?.includes('node-1 is there, but its slurmd does not register with Slurm. It said last: '),
      180_000,
    );
    await town.delete('alice', 'mycluster');
    expect(await town.world.counts()).toEqual(NOTHING);
  });
});

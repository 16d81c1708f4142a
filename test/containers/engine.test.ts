import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { numbersFrom } from '../end-to-end/seeded.ts';
import { Lab } from './lab.ts';
import { Running } from './running.ts';
import { NOTHING } from './world.ts';

const SEED = Number(process.env['CLUSTERDROP_SEED'] ?? Date.now() % 100_000);

// A lab of its own: the clusters of other tests are not to end with its engine.
describe.skipIf(!inject('lab'))(
  `an engine that goes away (CLUSTERDROP_SEED=${SEED})`,
  { timeout: 240_000 },
  () => {
    let lab: Lab;
    let town: Running;
    beforeAll(async () => {
      lab = await Lab.start();
      town = new Running(lab.place);
      await town.start();
    }, 240_000);
    afterAll(async () => {
      await town?.close();
      await lab?.stop();
    });

    // However a test ended: the next one begins with an engine.
    afterEach(() => lab.startEngine());

    test('keeps nothing of an image that was half built when Clusterdrop was killed', async () => {
      town.create('alice', 'first');
      await town.until('it builds', () => town.printed.includes('Step 4/'));
      await town.end('SIGKILL');
      await town.start();
      await town.untilRunning('alice', 'first', 180_000);
      await town.until('the login host is alone', async () => {
        const all = await town.world.docker('container', 'ls', '--all', '--quiet');
        return all.split('\n').length === 1;
      });
      expect(await town.world.images()).toHaveLength(1);
      const dangling = await town.world.docker('image', 'ls', '--quiet', '--filter', 'dangling=true');
      expect(dangling).toBe('');
      await town.delete('alice', 'first');
    });

    const below = numbersFrom(SEED);
    test.each([
      ['stopped', () => lab.stopEngine()],
      ['crashed', () => lab.killEngine()],
    ])(
      'was %s in the middle of a creation: the cluster is finished when it is back',
      async (name, goAway) => {
        town.create('alice', name);
        await town.until('it has begun', () => town.status('alice', name)?.state === 'starting');
        await pause(below(2000));
        await goAway();
        await lab.startEngine();
        await town.untilRunning('alice', name, 180_000);
        // It may have been ready a moment before the engine went.
        await town.until(
          'one can log in',
          async () => (await town.tryLogin('alice', name, 'true')).code === 0,
        );
        expect(await town.login('alice', name, 'srun hostname')).toBe('node-1\n');
        // Whatever step of the boot was cut short, its home is the user's.
        expect(await town.login('alice', name, 'stat -c %U ~/.ssh ~/.bashrc')).toBe('alice\nalice\n');
        expect(await town.world.counts(`alice/${name}`)).toMatchObject({ network: 1, volume: 1 });
        expect(await town.world.hosts(`alice/${name}`)).toEqual(['login', 'node-1']);
        await town.delete('alice', name);
        expect(await town.world.counts(`alice/${name}`)).toEqual(NOTHING);
      },
    );

    // Docker leaves rules of its packet filter behind then, which would rewrite who sends what within the next network.
    test('crashed while it made a network: that cluster and the next one are whole', async () => {
      town.create('alice', 'halved');
      await town.until('the network is begun', async () => (await lab.masquerading()).length > 0, 60_000, 1);
      await lab.killEngine();
      const begun = await lab.masquerading();
      await lab.startEngine();
      await town.untilRunning('alice', 'halved', 180_000);
      expect(begun).toHaveLength(1);
      expect(await town.login('alice', 'halved', 'srun -N2 hostname | sort')).toBe('node-1\nnode-2\n');
      await town.delete('alice', 'halved');
      town.create('alice', 'next');
      await town.untilRunning('alice', 'next');
      expect(await town.login('alice', 'next', 'srun -N2 hostname | sort')).toBe('node-1\nnode-2\n');
      await town.delete('alice', 'next');
    });

    test('comes back, and a cluster that ran runs again with its files, at the same address', async () => {
      town.create('alice', 'mycluster');
      const { address } = await town.untilRunning('alice', 'mycluster');
      await town.login('alice', 'mycluster', 'echo kept >kept; echo saved >files/saved');
      await lab.stopEngine();
      const told = () =>
        town.status('alice', 'mycluster')?.report?.notices?.some((one) => /engine does not answer/.test(one));
      await town.until('the status tells it', () => told() === true);
      await lab.startEngine();
      await town.until('one can log in again', async () => {
        const { out } = await town.tryLogin('alice', 'mycluster', 'cat kept files/saved');
        return out === 'kept\nsaved\n';
      });
      expect((await town.untilRunning('alice', 'mycluster')).address).toBe(address);
      expect(await town.login('alice', 'mycluster', 'srun hostname')).toBe('node-1\n');
      await town.until('it is told no more', () => told() === false);
    });

    test('comes back when somebody else has taken the address: the login host gets another one, and the status tells it', async () => {
      const before = await town.untilRunning('alice', 'mycluster');
      await lab.stopEngine();
      const listen = `require('node:net').createServer().listen(22, '${before.address}', () => console.log('there'))`;
      const other = spawn('nsenter', [
        `--net=/proc/${lab.place.process}/ns/net`,
        process.execPath,
        '-e',
        listen,
      ]);
      try {
        await once(other.stdout, 'data');
        await lab.startEngine();
        await town.until('the status tells another command', () => {
          const { ssh } = town.status('alice', 'mycluster') ?? {};
          return ssh !== undefined && ssh.command !== before.ssh?.command;
        });
        await town.until(
          'one can log in',
          async () => (await town.tryLogin('alice', 'mycluster', 'cat kept')).out === 'kept\n',
        );
        expect(await town.world.hosts('alice/mycluster')).toContain('login');
      } finally {
        const gone = once(other, 'exit');
        other.kill();
        await gone;
      }
    });

    test('is away when a deletion is asked for: it is carried out when it is back', async () => {
      await lab.stopEngine();
      town.write('alice', 'mycluster.cf-delete', '');
      await town.until('it has been seen', () => town.status('alice', 'mycluster')?.state === 'stopping');
      await lab.startEngine();
      await town.untilGone('alice', 'mycluster');
      expect(await town.world.counts('alice/mycluster')).toEqual(NOTHING);
      expect(town.read('alice', 'mycluster.files/saved')).toBe('saved\n');
    });
  },
);

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { ContainerStacks } from '../../src/local/containers/container-stacks.ts';
import { settle } from '../../src/local/containers/engine-home.ts';
import { HostedBook } from '../../src/local/containers/hosted-book.ts';
import { openEngine } from '../../src/local/containers/open-engine.ts';
import { foldersOf } from '../../src/local/open-folder-stores.ts';
import { prepareFolder } from '../../src/local/prepare-folder.ts';
import { SimulatedStacks } from '../../src/local/simulated-stacks.ts';
import { engineThat } from '../local/engine-that.ts';
import { SLURM, slurmOrder } from '../local/slurm-orders.ts';

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'local-hosts-'));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const dir = () => join(base, 'data');

/** Where no engine listens. Stopped as soon as it watches. */
async function local(...args: readonly string[]) {
  let [out, err] = ['', ''];
  const stop = new AbortController();
  const code = await run(['local', '--dir', dir(), ...args], {
    out: (text) => {
      out += text;
      if (out.includes('Ctrl-C stops')) stop.abort();
    },
    err: (text) => void (err += text),
    env: { DOCKER_HOST: `unix://${base}/no.sock`, HOME: base },
    cwd: base,
    isInteractive: false,
    signal: stop.signal,
    now: Date.now,
    pause: async () => {},
    readInput: async () => new Uint8Array(),
    ask: async () => undefined,
    canAsk: false,
    launch: async () => 0,
  });
  return { code, err: err.replaceAll(base, '<base>'), out: out.replaceAll(base, '<base>') };
}

const isSimulated = () =>
  JSON.parse(readFileSync(join(foldersOf(dir()).admin, 'installation.json'), 'utf8')).simulated;
const stackOptions = { clock: Date, blueprintOf: () => Promise.resolve(SLURM) };

describe('where no container engine answers', () => {
  it('clusters are simulated, and it says why and how to get real ones', async () => {
    const { code, err, out } = await local();
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('(clusters are simulated)');
    expect(out).toContain(
      'They are simulated because no container engine answers (nothing is at <base>/no.sock).',
    );
    expect(out).toContain('Start Docker or Podman');
    expect(isSimulated()).toBe(true);
  });

  it('says nothing of engines to somebody who asked for simulated clusters', async () => {
    expect((await local('--hosts', 'simulated')).out).not.toContain('Docker');
  });

  it('refuses containers, with what to do', async () => {
    const { code, err } = await local('--hosts', 'containers');
    expect(code).toBe(3);
    expect(err).toContain('no container engine answers (nothing is at <base>/no.sock)');
    expect(err).toContain('apt-get install docker.io');
  });

  it('tells what a socket that is none said', async () => {
    writeFileSync(join(base, 'no.sock'), 'a file');
    const { err } = await local('--hosts', 'containers');
    expect(err).toContain('no container engine answers (<base>/no.sock: nothing listens there)');
    expect(err).toContain('The container engine of <base>/no.sock does not run: start it.');
  });

  it('cannot clean up, and says so', async () => {
    await prepareFolder(dir(), false);
    const { code, err } = await local('--clean');
    expect(code).toBe(3);
    expect(err).toContain('no container engine answers');
  });
});

it('knows the kinds of hosts', async () => {
  const { code, err } = await local('--hosts', 'real');
  expect(code).toBe(2);
  expect(err).toContain('--hosts must be containers, simulated or auto');
});

describe('a folder in which clusters live', () => {
  it('goes on with simulated ones', async () => {
    await prepareFolder(dir(), true);
    const stacks = new SimulatedStacks({ ...stackOptions, folder: foldersOf(dir()).stacks, speed: 1 });
    await stacks.create(slurmOrder());
    const { code, out } = await local();
    expect(code).toBe(0);
    expect(out).toContain('because 1 simulated cluster lives in this folder');
    expect(out).toContain('Start Docker or Podman');
    const refused = await local('--hosts', 'containers');
    expect(refused.code).toBe(3);
    expect(refused.err).toContain(
      'hosts cannot become containers now: one cluster of this folder is simulated',
    );
    // Where an engine answers, nothing is to be installed: the folder is in the way.
    const end = await engineThat(join(base, 'no.sock'));
    const { out: told } = await local();
    await end();
    expect(told).toMatch(/End it, or use another folder\s\(--dir\)\. Then start this again\./);
    expect(told).not.toContain('Docker');
  });

  async function createInContainers(): Promise<void> {
    await prepareFolder(dir(), false);
    mkdirSync(foldersOf(dir()).hosts, { recursive: true });
    const stacks = new ContainerStacks({ ...stackOptions, book: new HostedBook(foldersOf(dir()).hosts) });
    const parameters = {
      ...slurmOrder().parameters,
      ClusterName: 'mycluster',
      AccessUsername: 'alice',
      Profiles: 'alice',
      MasterInstanceType: 't3.medium',
      ComputeInstanceType: 'c7i.large',
      AutoscalingPolicy: 'enabled',
      ComputeInitialNodes: '0',
      ComputeMaxNodes: '4',
    };
    expect(await stacks.create(slurmOrder({ parameters }))).toMatchObject({ kind: 'begun' });
  }

  it('waits for the engine of those in containers', async () => {
    await createInContainers();
    expect((await local()).err).toContain(
      'a cluster of this folder lives in containers, and no container engine answers',
    );
    expect((await local()).err).not.toContain('--hosts simulated');
    expect((await local('--hosts', 'simulated')).err).toContain('hosts cannot become simulated now');
    expect(isSimulated()).toBe(false);
  });

  it.each([[[]], [['--clean']], [['--clean', '--force']]])(
    'does not take another engine for theirs: local %s',
    async (args) => {
      const { hosts } = foldersOf(dir());
      await createInContainers();
      const home = join(base, 'home.sock');
      const ends = [await engineThat(home, { id: 'home' })];
      expect(await settle(hosts, await openEngine(home))).toBeUndefined();
      ends.push(await engineThat(join(base, 'no.sock'), { id: 'other' }));
      expect(await settle(hosts, await openEngine(join(base, 'no.sock')))).toMatchObject({ id: 'home' });
      const { code, err } = await local(...args);
      for (const end of ends) await end();
      expect(code).toBe(3);
      expect(err).toContain(
        'a cluster of this folder lives in Docker 29.1.0 at <base>/home.sock, and that engine does not answer (<base>/no.sock: another engine answers, Docker 29.1.0)',
      );
      expect(err).toContain('Let DOCKER_HOST be unix://<base>/home.sock');
    },
  );
});

import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInLab } from './describe-in-lab.ts';
import { Running } from './running.ts';
import { NOTHING } from './world.ts';

// Idle seconds until a compute host goes.
const SHRINK_AFTER = '10';
const MINE = 'alice/mycluster';

/** The three kinds of script that the guide has: for compute nodes only, for packages, for the key of a user. */
function guidesProfile(account: string, key: string): Readonly<Record<string, string>> {
  const [kind, half] = key.split(' ');
  const files = {
    'manifest.txt': 'configure.d/ht_off.sh\nconfigure.d/packages.sh\nconfigure.d/user.sh\n',
    'configure.d/ht_off.sh': '#!/usr/bin/env bash\n\nif [ "$2" = "slave" ]; then\n  lscpu >/var/log/ht\nfi\n',
    'configure.d/packages.sh': '#!/bin/bash\n\napt-get install -y make >/var/log/packages\n',
    'configure.d/packages.sh~': 'touch /var/log/backup\n',
    'configure.d/user.sh': `#!/bin/bash

user="${account}"
pubkey="${kind} ${half}"
file=/home/\${user}/.ssh/authorized_keys

# On every host, and their home is the same.
if [ -f \${file} ]; then
  if ! grep -q $user $file; then
    echo "\${pubkey} \${user}" >>\${file}
  fi
fi
`,
  };
  // Two of them come from an editor on Windows.
  for (const name of ['manifest.txt', 'configure.d/ht_off.sh'] as const)
    files[name] = files[name].replaceAll('\n', '\r\n');
  return files;
}

// One cluster's life, told in order: each test goes on where the one before has left it.
describeInLab('a cluster in containers', (lab) => {
  let town: Running;
  const login = (command: string) => town.login('alice', 'mycluster', command);
  /** With this key and no other: the printed command may bring one along. */
  const loginWith = async (key: string, account = 'alice') => {
    const { address, ssh } = await town.untilRunning('alice', 'mycluster');
    const own = `-i ${join(town.home, '.ssh', key)} -o IdentitiesOnly=yes -o IdentityAgent=none`;
    return town.inside(
      'bash',
      '-c',
      `ssh ${own} -p ${ssh?.port ?? 22} -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o BatchMode=yes ${account}@${address} whoami`,
    );
  };
  const result = (name: string) => town.read('alice', `mycluster.files/${name}`);
  /** Writes a file into `~/files` over ssh: it is executable. */
  const script = (name: string, lines: readonly string[]) =>
    login(`cat >files/${name} <<'END'\n${['#!/bin/bash', ...lines].join('\n')}\nEND\nchmod +x files/${name}`);

  beforeAll(async () => {
    town = new Running(lab, { CLUSTERDROP_SHRINK_AFTER: SHRINK_AFTER });
    await town.start();
    for (const profile of ['all', 'alice'])
      town.writeProfile(
        profile,
        'configure.d/note.sh',
        `#!/bin/sh\necho ${profile} "$(id -un)" "$@" >>/var/log/note\n`,
      );
    for (const [name, text] of Object.entries(guidesProfile('alice', await town.makeKey('guide'))))
      town.writeProfile('alice', name, text);
  });
  afterAll(() => town?.close());

  test('is there for one who has prepared nothing: the command in its status logs in as it stands', async () => {
    const hello = town.path('alice', 'mycluster.files/hello.c');
    mkdirSync(dirname(hello), { recursive: true });
    copyFileSync(join(import.meta.dirname, 'hello.c'), hello);
    town.create('alice', 'mycluster', { ComputeMaxNodes: 3, ComputeInitialNodes: 1 });
    const [status, viaCommand] = await Promise.all([
      town.untilRunning('alice', 'mycluster', 180_000),
      // It waits, too.
      town.command('ssh', 'mycluster', '--user', 'alice', '--', 'whoami'),
    ]);
    expect(status.simulated).toBe(false);
    expect(town.read('alice', 'mycluster.cf-created')).toBe(`${status.address}\n`);
    expect(await login('whoami; hostname')).toBe('alice\nlogin\n');
    expect(await login('cat files/hello.c')).toContain('MPI_Init');
    expect(viaCommand).toBe('alice\n');
  });

  test('knows its nodes, and has started as many as were wanted at first', async () => {
    expect(await login('sinfo --noheader --Node --format=%N | sort')).toBe('node-1\nnode-2\nnode-3\n');
    await town.until('node-1 runs', async () => (await town.world.nodes(MINE)).join() === 'node-1');
    await town.until('node-1 is idle', async () => (await login('sinfo -hN -n node-1 -o %T')) === 'idle\n');
  });

  test('runs a job on two nodes', async () => {
    expect((await login('srun -N2 hostname')).split('\n').toSorted()).toEqual(['', 'node-1', 'node-2']);
  });

  test('runs MPI over two nodes, started by mpirun and by srun', async () => {
    await login('mpicc -o hello files/hello.c');
    const ranks = (out: string) => out.match(/^rank \d of 2 on \S+$/gm)?.toSorted();
    const both = ['rank 0 of 2 on node-1', 'rank 1 of 2 on node-2'];
    await script('mpi.sh', ['mpirun ./hello']);
    const byMpirun = await login(
      'sbatch --wait -N2 --ntasks-per-node=1 -o mpirun.txt files/mpi.sh; cat mpirun.txt',
    );
    expect(ranks(byMpirun)).toEqual(both);
    expect(byMpirun).toContain('sum 1\n');
    const bySrun = await login('srun -N2 --ntasks-per-node=1 ./hello');
    expect(ranks(bySrun)).toEqual(both);
    expect(bySrun).toContain('sum 1\n');
  });

  test('grows to its maximum for an array of jobs, whose results are in ~/files', async () => {
    // Each waits for the other two: they end only if all run at once.
    await script('task.sh', [
      'touch here.$SLURM_ARRAY_TASK_ID',
      'until [ -e here.1 ] && [ -e here.2 ] && [ -e here.3 ]; do sleep 0.1; done',
      'hostname >files/result.$SLURM_ARRAY_TASK_ID',
    ]);
    const array = (
      await login('sbatch --parsable --wait --array=1-3 --exclusive -o /dev/null files/task.sh')
    ).trim();
    const hosts = (await login('cat files/result.1 files/result.2 files/result.3')).trim().split('\n');
    expect(hosts.toSorted()).toEqual(['node-1', 'node-2', 'node-3']);
    const recorded = [1, 2, 3].map((task) => `${array}_${task}|task.sh|COMPLETED|0:0\n`).join('');
    await town.until(
      'sacct tells of them',
      async () => (await login(`sacct -nP -j ${array} -o JobID,JobName,State,ExitCode`)) === recorded,
    );
  });

  test('shrinks to as many nodes as were wanted at first, when nothing is to do', async () => {
    await town.until('one node is left', async () => (await town.world.nodes(MINE)).join() === 'node-1');
    expect(await login('sinfo --noheader --Node --format=%N | sort')).toBe('node-1\nnode-2\nnode-3\n');
  });

  test('ran the scripts of the profiles on hosts of both roles, everybody’s first', async () => {
    expect(await login('sudo cat /var/log/note')).toBe(
      'all root configure master mycluster\nalice root configure master mycluster\n',
    );
    expect(await login('srun cat /var/log/note')).toBe(
      'all root configure slave mycluster\nalice root configure slave mycluster\n',
    );
  });

  test('runs a profile as the guide lays it out: the key that its user.sh adds lets in', async () => {
    expect(await loginWith('guide')).toMatchObject({ code: 0, out: 'alice\n' });
    expect(await login("grep -c ' alice$' .ssh/authorized_keys")).toBe('1\n');
    const left = 'hostname; cd /var/log; ls ht packages; ls backup';
    expect((await town.tryLogin('alice', 'mycluster', left)).out).toBe('login\npackages\n');
    expect(await login(`srun bash -c '${left}; true'`)).toBe('node-1\nht\npackages\n');
  });

  test('takes a larger maximum while it runs', async () => {
    town.create('alice', 'mycluster', { ComputeMaxNodes: 4 });
    const status = await town.untilRunning('alice', 'mycluster');
    expect(status.settings).toMatchObject({ ComputeMaxNodes: 4, ComputeInitialNodes: 1 });
    expect((await login('srun -N4 hostname')).trim().split('\n').toSorted()).toEqual([
      'node-1',
      'node-2',
      'node-3',
      'node-4',
    ]);
  });

  test('lets in whose key is added, and no more when it is taken away', async () => {
    const key = await town.makeKey('laptop');
    const tryKey = () => loginWith('laptop');
    expect((await tryKey()).err).toContain('Permission denied');
    town.write('alice', 'authorized_keys', key);
    await town.until('the key lets in', async () => (await tryKey()).out === 'alice\n');
    town.write('alice', 'authorized_keys', '');
    await town.until('it lets in no more', async () => (await tryKey()).err.includes('Permission denied'));
    expect(await login('whoami')).toBe('alice\n');
  });

  test('runs a job again whose host was killed', { timeout: 300_000 }, async () => {
    await script('long.sh', [
      'hostname >>files/runs',
      'until [ -e go ]; do sleep 0.1; done',
      'echo "restarted ${SLURM_RESTART_COUNT:-0} times" >files/finished',
    ]);
    await login('rm -f go; sbatch -N1 -o /dev/null files/long.sh');
    const first = await town.until('the job runs', async () => {
      const { out } = await town.tryLogin('alice', 'mycluster', 'cat files/runs');
      return out.endsWith('\n') && out.trim();
    });
    await town.world.docker('kill', await town.world.container(MINE, first));
    await town.until('the job runs again', async () => (await login('wc -l <files/runs')) === '2\n', 240_000);
    await login('touch go');
    await town.until(
      'it has ended',
      async () =>
        (await town.tryLogin('alice', 'mycluster', 'cat files/finished')).out === 'restarted 1 times\n',
    );
  });

  test('is gone when it is deleted, its files are in the bucket, and back when it is made again', async () => {
    await login('echo "last words" >files/last');
    await town.delete('alice', 'mycluster');
    expect(await town.world.counts()).toEqual(NOTHING);
    expect(['last', 'finished', 'result.1'].map(result)).toEqual([
      'last words\n',
      'restarted 1 times\n',
      expect.stringMatching(/^node-[123]\n$/),
    ]);
    expect(town.has('alice', 'mycluster.cf-created')).toBe(false);

    town.create('alice', 'mycluster');
    await town.untilRunning('alice', 'mycluster');
    expect(await login('cat files/last files/finished; stat -c "%U %a" files/last')).toMatch(
      /^last words\nrestarted 1 times\nalice \d+\n$/,
    );
  });

  test('goes on while Clusterdrop is stopped, and is found again', async () => {
    const container = await town.world.container(MINE, 'login');
    expect(await town.end('SIGINT')).toBe(0);
    expect(await login('whoami')).toBe('alice\n');
    await town.start();
    expect(await login('srun hostname')).toBe('node-1\n');
    expect(await town.world.container(MINE, 'login')).toBe(container);
  });

  test('stands beside another user’s of the same name, who cannot get into it', async () => {
    const bobsKey = join(town.home, '.ssh', 'bob');
    await town.makeKey('bob');
    await town.command('admin', 'add-user', 'bob', '--key', `${bobsKey}.pub`, '--email', 'bob@localhost');
    town.create('bob', 'mycluster');
    await town.untilRunning('bob', 'mycluster');
    const asBob = `-i ${bobsKey}`;
    const { out } = await town.tryLogin('bob', 'mycluster', 'whoami; hostname; ls files', asBob);
    expect(out).toBe('bob\nlogin\n');
    expect(await login('whoami')).toBe('alice\n');

    for (const account of ['alice', 'bob', 'root']) {
      const said = await loginWith('bob', account);
      expect(said).toMatchObject({ code: 255, out: '' });
      expect(said.err).toContain('Permission denied');
    }
    // Their networks do not know each other either.
    const inspect = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
    const alicesHost = await town.world.docker(
      'inspect',
      '--format',
      inspect,
      await town.world.container(MINE, 'login'),
    );
    const knock = `timeout 3 bash -c '</dev/tcp/${alicesHost}/22' && echo open || echo closed`;
    expect((await town.tryLogin('bob', 'mycluster', knock, asBob)).out).toBe('closed\n');

    await town.delete('bob', 'mycluster');
    expect(await town.world.counts('bob/mycluster')).toEqual(NOTHING);
    expect(await login('whoami')).toBe('alice\n');
  });

  test('leaves nothing behind', async () => {
    await town.delete('alice', 'mycluster');
    expect(await town.world.counts()).toEqual(NOTHING);
    expect(await town.world.images()).toHaveLength(1);
    expect(await town.end('SIGINT')).toBe(0);
    await town.command('local', '--clean');
    expect(await town.world.images()).toEqual([]);
  });
});

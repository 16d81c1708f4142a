import { afterAll, beforeAll, describe, test } from 'vitest';
import { describeInLab } from './describe-in-lab.ts';
import { Running } from './running.ts';

describeInLab('a login host', (lab) => {
  let town: Running;
  beforeAll(async () => {
    town = new Running(lab);
    await town.start();
    town.create('alice', 'mycluster');
    await town.untilRunning('alice', 'mycluster');
    await town.login('alice', 'mycluster', 'echo kept >kept');
  }, 240_000);
  afterAll(() => town?.close());

  const login = () => town.world.container('alice/mycluster', 'login');
  const untilItSays = (command: string, said: string) =>
    town.until(
      `"${command}" says "${said}"`,
      async () => (await town.tryLogin('alice', 'mycluster', command)).out === said,
      60_000,
    );

  // The status tells of this machine's size too, as long as that is less than the cluster's.
  const told = () =>
    town
      .status('alice', 'mycluster')
      ?.report?.notices?.filter((notice) => /started again|no command/.test(notice));

  test('whose boot fails when it is started again is told of, and tried again', async () => {
    const broken = '/usr/local/lib/clusterdrop/steps/15-broken';
    await town.world.docker('exec', await login(), 'sh', '-c', `echo 'echo out of order; false' >${broken}`);
    await town.world.docker('restart', '--time', '0', await login());
    await town.until(
      'the status tells it',
      () =>
        told()?.some((notice) =>
          /was started again, and its step "broken" failed \(.*out of order/.test(notice),
        ),
      120_000,
    );
    await town.world.docker('exec', await login(), 'rm', broken);
    await untilItSays('srun hostname', 'node-1\n');
    await town.until('it is told no more', () => told()?.length === 0);
  }, 240_000);

  test('where the engine can run no command is told of, and heard again when it can', async () => {
    const follow = '/usr/local/lib/clusterdrop/follow';
    await town.world.docker(
      'exec',
      await login(),
      'sh',
      '-c',
      `chmod a-x ${follow}; pkill -f '[t]ail -q -f'`,
    );
    await town.until('the status tells it', () =>
      told()?.some((notice) => /^no command can be run on the login node.*permission denied/.test(notice)),
    );
    await town.world.docker('exec', await login(), 'chmod', 'a+x', follow);
    await untilItSays('srun -N3 hostname | sort -u | wc -l', '3\n');
    await town.until('it is told no more', () => told()?.length === 0);
  }, 120_000);

  describe('that Clusterdrop finds when it is back', () => {
    test('without its network is made anew, with another one', async () => {
      const [network = ''] = await town.world.all('network', 'alice/mycluster');
      await town.end('SIGKILL');
      const host = await login();
      const nodes = (await town.world.all('container', 'alice/mycluster')).filter((id) => id !== host);
      await town.world.docker('stop', '--time', '0', host);
      if (nodes.length > 0) await town.world.docker('rm', '--force', ...nodes);
      await town.world.docker('network', 'rm', network);
      await town.start();
      await untilItSays('cat kept', 'kept\n');
      // Slurm may give it a node that went with the network before it has seen that: such a job is lost.
      await untilItSays('srun -N2 hostname | sort -u | wc -l', '2\n');
    });

    test('half made is made anew', async () => {
      const id = await login();
      const [name, image, labels] = (
        await town.world.docker('inspect', '--format', '{{.Name}} {{.Image}} {{json .Config.Labels}}', id)
      ).split(' ');
      await town.end('SIGKILL');
      await town.world.docker('rm', '--force', id);
      const bearing = Object.entries<string>(JSON.parse(labels ?? '{}')).flatMap(([key, value]) => [
        '--label',
        `${key}=${value}`,
      ]);
      await town.world.docker('create', '--name', (name ?? '').replace('/', ''), ...bearing, image ?? '');
      await town.start();
      await untilItSays('cat kept', 'kept\n');
    });

    test('without its home gets its files, though making it is cut short', async () => {
      town.write('alice', 'mycluster.files/saved', 'saved\n');
      await town.end('SIGKILL');
      await town.world.docker('rm', '--force', ...(await town.world.all('container', 'alice/mycluster')));
      await town.world.docker('volume', 'rm', ...(await town.world.all('volume', 'alice/mycluster')));
      const started = town.start();
      await town.until(
        'it has another volume',
        async () => (await town.world.all('volume', 'alice/mycluster')).length === 1,
        60_000,
        1,
      );
      await town.end('SIGKILL');
      // It may have ended before it had said that it runs.
      await started.catch(() => undefined);
      await town.start();
      await untilItSays('cat files/saved', 'saved\n');
    });
  });
});

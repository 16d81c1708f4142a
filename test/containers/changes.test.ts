import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInLab } from './describe-in-lab.ts';
import { Running } from './running.ts';

// Idle seconds until a compute host goes that need not be there.
const SHRINK_AFTER = 3;
const MINE = 'alice/mycluster';

// One cluster that is changed while jobs run, told in order: each test goes on where the one before has left it.
describeInLab('a cluster that is changed', (lab) => {
  let town: Running;
  const login = (command: string) => town.login('alice', 'mycluster', command);
  const change = (request: Readonly<Record<string, unknown>>) => {
    town.create('alice', 'mycluster', request);
    return town.untilRunning('alice', 'mycluster');
  };
  const sizeOf = (node: string) =>
    login(`scontrol show node ${node} | grep -oE '\\b(CPUTot|RealMemory)=[0-9]+'`);
  const partitionOf = (node: string) => login(`sinfo -hN -n ${node} -o %R`);
  const untilNodes = (...nodes: readonly string[]) =>
    town.until(`the nodes are ${nodes.join()}`, async () => {
      const idle = await login('sinfo -hN -o "%N %T"');
      return (
        (await town.world.nodes(MINE)).join() === nodes.join() &&
        !/[~#%*]/.test(idle) &&
        idle.trim().split('\n').length === nodes.length
      );
    });

  /** Starts a job that lasts until it is let go. @returns its id */
  async function begun(node: string): Promise<string> {
    const id = (await login(`sbatch --parsable -w ${node} -o /dev/null lasting.sh`)).trim();
    await town.until(`the job runs on ${node}`, async () => (await stateOf(id)) === 'RUNNING\n');
    return id;
  }
  const stateOf = (id: string) => login(`squeue -h -j ${id} -o %T`);
  /** Lets it go. @returns how and where it ended, and how often it began */
  async function ended(id: string): Promise<string> {
    await login(`touch go.${id}`);
    const recorded = await town.until(`job ${id} has ended`, async () => {
      const line = await login(`sacct -nP -j ${id} -o State,ExitCode,NodeList`);
      return !/^(RUNNING|PENDING|$)/.test(line) && line.trim();
    });
    return `${recorded} ${(await login(`cat runs.${id}`)).trim()}`;
  }

  beforeAll(async () => {
    town = new Running(lab, { CLUSTERDROP_SHRINK_AFTER: String(SHRINK_AFTER) });
    await town.start();
    town.create('alice', 'mycluster', { AutoscalingPolicy: 'disabled', ComputeMaxNodes: 2 });
    await town.untilRunning('alice', 'mycluster', 180_000);
    const lines = [
      '#!/bin/bash',
      'hostname >>runs.$SLURM_JOB_ID',
      'until [ -e go.$SLURM_JOB_ID ]; do sleep 0.1; done',
    ];
    await login(`cat >lasting.sh <<'END'\n${lines.join('\n')}\nEND`);
  }, 240_000);
  afterAll(() => town?.close());

  test('has all of its nodes without a job where they are not to come and go, and keeps them', async () => {
    await untilNodes('node-1', 'node-2');
    const there = await town.world.all('container', MINE);
    // By Slurm's own clock: whoever may go would be gone by then.
    await town.until('they are idle for longer than others may be', async () => {
      const busy = 'scontrol show node node-2 -o | grep -o "LastBusyTime=[^ ]*" | cut -d= -f2';
      const idle = await login(`echo $(($(date +%s) - $(date -d "$(${busy})" +%s)))`);
      return Number(idle) > SHRINK_AFTER + 1;
    });
    await untilNodes('node-1', 'node-2');
    expect(await town.world.all('container', MINE)).toEqual(there);
  });

  test('of which fewer nodes are wanted: the job on the one above ends well, then the node goes', async () => {
    const [stays, leaves] = [await begun('node-1'), await begun('node-2')];
    await change({ ComputeMaxNodes: 1 });
    await town.until('node-2 is leaving', async () => (await partitionOf('node-2')) === 'leaving\n');
    expect(await login('srun hostname')).toBe('node-1\n');
    expect(await stateOf(leaves)).toBe('RUNNING\n');
    expect(await ended(leaves)).toBe('COMPLETED|0:0|node-2 node-2');
    await untilNodes('node-1');
    expect(await login('srun hostname')).toBe('node-1\n');
    expect(await ended(stays)).toBe('COMPLETED|0:0|node-1 node-1');
  });

  test('to another type and more nodes: a job goes on where it runs, and nodes that come are of the new size', async () => {
    const job = await begun('node-1');
    const former = await sizeOf('node-1');
    await change({ ComputeInstanceType: 'c7i.xlarge', ComputeMaxNodes: 2 });
    await untilNodes('node-1', 'node-2');
    expect(former).toBe('CPUTot=2\nRealMemory=3891\n');
    expect(await sizeOf('node-1')).toBe(former);
    expect(await sizeOf('node-2')).toBe('CPUTot=4\nRealMemory=7782\n');
    expect(await login('srun -w node-2 -c4 hostname')).toBe('node-2\n');
    expect(await stateOf(job)).toBe('RUNNING\n');
    expect(await ended(job)).toBe('COMPLETED|0:0|node-1 node-1');
  });

  test('and whose login host is started again meanwhile: the job on a node that is to go ends well', async () => {
    const job = await begun('node-2');
    await change({ ComputeMaxNodes: 1 });
    await town.until('node-2 is leaving', async () => (await partitionOf('node-2')) === 'leaving\n');
    const container = await town.world.container(MINE, 'login');
    await town.world.docker('restart', container);
    // What it was told before the restart is forgotten with /run.
    const asked = await town.until('it has asked for nodes again', () =>
      town.world.docker('exec', container, 'cat', '/run/clusterdrop/state/nodes').catch(() => false as const),
    );
    expect(asked).toBe('nodes node-1 node-2');
    await town.until(
      'one can log in',
      async () => (await town.tryLogin('alice', 'mycluster', 'true')).code === 0,
    );
    expect(await stateOf(job)).toBe('RUNNING\n');
    expect(await ended(job)).toBe('COMPLETED|0:0|node-2 node-2');
  });
});

import { afterEach, beforeEach, expect, it } from 'vitest';
import { HostFolder } from './host-folder.ts';

let host: HostFolder;
beforeEach(() => {
  host = new HostFolder();
  host.command('scontrol', '');
  host.command('sleep', '');
  // Of no process: slurmctld is gone.
  host.write('run/clusterdrop/daemons/slurmctld', '99999999\n');
  host.write('etc/slurm/slurm.conf', 'the former\n');
});
afterEach(() => host.remove());

/** What Slurm says of its nodes: name, state, CPUs, memory. */
const nodesAre = (...lines: string[]) => host.command('sinfo', `echo '${lines.join('\n')}'`);
const apply = () => host.run('bash "$LIB/apply-settings"');
/** Without the lines that are the same for all. */
const conf = (text: string) => text.split('\n').filter((line) => /^(NodeName|PartitionName)=/.test(line));

const SIZE = 'CPUs=2 RealMemory=3891 State=CLOUD';
const COMPUTE = 'Default=YES MaxTime=INFINITE State=UP';

it('does not take an answer of Slurm that is lost for a cluster without nodes', () => {
  host.write('home/.clusterdrop/former-nodes', 'node-7 2 3891\n');
  host.command('sinfo', 'echo "Unable to contact slurm controller" >&2; exit 1');
  expect(apply()).toMatchObject({
    code: 1,
    err: expect.stringContaining('slurmctld does not tell of its nodes'),
  });
  expect(host.read('etc/slurm/slurm.conf')).toBe('the former\n');
  expect(host.read('home/.clusterdrop/former-nodes')).toBe('node-7 2 3891\n');
});

it('keeps nodes above a lowered maximum that are there, also in a login host that is started again or made anew', () => {
  host.set({ MAX_NODES: 2 });
  nodesAre(
    'node-1 idle+cloud+powered_down 2 3891',
    'node-3 allocated+cloud 2 3891',
    'node-4 idle+cloud+powered_down 2 3891',
  );
  expect(apply()).toMatchObject({ code: 0, err: '' });
  const wanted = [
    `NodeName=node-3 ${SIZE}`,
    `NodeName=node-1,node-2 ${SIZE}`,
    `PartitionName=compute Nodes=node-[1-2] ${COMPUTE}`,
    'PartitionName=leaving Nodes=node-3 State=INACTIVE',
  ];
  expect(conf(host.read('etc/slurm/slurm.conf'))).toEqual(wanted);
  // As the step "slurm" of a boot does it.
  expect(conf(host.run('bash "$LIB/slurm/print-conf"').out)).toEqual(wanted);
});

it('lets nodes that are there keep their size, and those that have gone take the new one', () => {
  nodesAre('node-1 mixed+cloud 8 16000', 'node-2 idle+cloud+powered_down 8 16000');
  expect(apply()).toMatchObject({ code: 0, err: '' });
  expect(conf(host.run('bash "$LIB/slurm/print-conf"').out)).toEqual([
    'NodeName=node-1 CPUs=8 RealMemory=16000 State=CLOUD',
    `NodeName=node-2,node-3,node-4 ${SIZE}`,
    `PartitionName=compute Nodes=node-[1-4] ${COMPUTE}`,
  ]);
  nodesAre('node-1 idle+cloud+powered_down 8 16000', 'node-2 idle+cloud 2 3891');
  expect(apply()).toMatchObject({ code: 0, err: '' });
  expect(conf(host.read('etc/slurm/slurm.conf'))).toEqual([
    `NodeName=node-[1-4] ${SIZE}`,
    `PartitionName=compute Nodes=node-[1-4] ${COMPUTE}`,
  ]);
});

it('names no node twice when the maximum was raised again', () => {
  host.write('home/.clusterdrop/former-nodes', 'node-3 2 3891\n');
  expect(conf(host.run('bash "$LIB/slurm/print-conf"').out)).toEqual([
    `NodeName=node-3 ${SIZE}`,
    `NodeName=node-1,node-2,node-4 ${SIZE}`,
    `PartitionName=compute Nodes=node-[1-4] ${COMPUTE}`,
  ]);
});

// A login host that was killed under an srun: Slurm waited without end for somebody to end that job.
it('lets an srun that has died hold its nodes for five minutes, not for ever', () => {
  expect(host.run('bash "$LIB/slurm/print-conf"').out).toMatch(/^InactiveLimit=300$/m);
});

import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { computeSettings, loginSettings } from './host-settings.ts';
import { hostedFault, slurmParameters } from './slurm-parameters.ts';

const PARAMETERS = {
  ClusterName: 'mycluster',
  AccessUsername: 'alice',
  Profiles: 'Alice+Smith@example.org',
  MasterInstanceType: 't3.medium',
  MasterSystemVolumeSize: '32',
  ComputeInstanceType: 'c7i.large',
  ComputeSpotPrice: 'spot',
  AutoscalingPolicy: 'enabled',
  ComputeInitialNodes: '9',
  ComputeMaxNodes: '4',
};
const SHAPE = { type: 'c7i.large', cpus: 2, memoryMiB: 4096 };

it('are what a shell reads them as', () => {
  const settings = loginSettings(slurmParameters(PARAMETERS), SHAPE, 60);
  const shown = execFileSync('bash', [
    '-c',
    `${settings}\necho "$PROFILES|$INITIAL_NODES|$MAX_NODES|$NODE_MEMORY_MB|$ROLE"`,
  ]);
  expect(String(shown)).toBe('all Alice+Smith@example.org|4|4|3891|master\n');
});

it('of a compute host name it', () => {
  expect(computeSettings(slurmParameters(PARAMETERS), 'node-3')).toContain("NODE='node-3'\n");
});

it.each([
  ['AccessUsername', "alice'; rm -rf /; '"],
  ['ClusterName', 'a\nb'],
  ['Profiles', "x' y"],
  ['ComputeMaxNodes', '4; reboot'],
  ['AutoscalingPolicy', 'maybe'],
])('are not made of a %s that could mean something to a shell', (name, value) => {
  expect(hostedFault('slurm', PARAMETERS)).toBeUndefined();
  expect(hostedFault('slurm', { ...PARAMETERS, [name]: value })).toContain(`the parameter ${name} cannot be`);
});

it('are made for as many nodes as a request may ask for', () => {
  const most = { ComputeInitialNodes: '10000', ComputeMaxNodes: '10000' };
  expect(hostedFault('slurm', { ...PARAMETERS, ...most })).toBeUndefined();
});

it.each(['alces-flight', '../slurm', 'nothing'])(
  'are not made for %s, which has no Dockerfile',
  (blueprint) => {
    expect(hostedFault(blueprint, PARAMETERS)).toContain('says nothing of hosts in containers');
  },
);

import { EC2Client, paginateDescribeInstances } from '@aws-sdk/client-ec2';
import { GetServiceQuotaCommand, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { ok, type Verdict } from '../../core/finding.ts';
import type { InstanceCatalogue } from '../../core/instance-catalogue.ts';
import { knownUsers } from '../../engine/administration/known-users.ts';
import { limitsOf } from '../../engine/limits-of.ts';
import { shippedCatalogue } from '../../shipped/shipped-catalogue.ts';
import { clientConfig } from '../access.ts';
import type { AwsSubject } from './aws-subject.ts';
import { defaultMachines } from './default-machines.ts';
import { judgeQuota } from './judge-quota.ts';
import { vcpuDemand } from './vcpu-demand.ts';
import { quotaOf, type VcpuQuota } from './vcpu-quotas.ts';

/** How many vCPUs the account may run: of the families that default types, limits and whoever asks have named. */
export async function checkQuotas(subject: AwsSubject): Promise<readonly Verdict[]> {
  const region = subject.installation.aws.clustersRegion;
  const catalogue = shippedCatalogue();
  const machines = await defaultMachines(subject, catalogue);
  if (!machines) return [ok('no blueprint says what clusters are made of')];
  const users = await knownUsers(subject.admin);
  const limits = await Promise.all(['default', ...users].map((user) => limitsOf(subject.admin, user)));
  const { MasterInstanceType, ComputeInstanceType } = machines;
  const named = limits.flatMap(({ instanceTypes }) => namedTypes(instanceTypes, catalogue));
  const types = [MasterInstanceType, ComputeInstanceType, ...subject.types, ...named];
  const quotas = new Map(types.flatMap((type) => quotaOf(type) ?? []).map((one) => [one.onDemand, one]));
  // The default limits stand for a user who is still to come: they count for the largest cluster, not for the sum.
  const demand = vcpuDemand(machines, limits, catalogue);
  const ofUsers = vcpuDemand(machines, limits.slice(1), catalogue);
  const running = await runningVcpus(subject, region, catalogue);
  const client = new ServiceQuotasClient(clientConfig(subject.access, region));
  const parts = [...quotas.values()].flatMap((one) => partsOf(one));
  return Promise.all(
    parts.map(async ({ what, code }) => {
      const command = new GetServiceQuotaCommand({ ServiceCode: 'ec2', QuotaCode: code });
      const { Quota } = await client.send(command);
      return judgeQuota({
        what,
        code,
        region,
        quota: Quota?.Value ?? 0,
        running: running.get(code) ?? 0,
        largest: demand.get(code)?.largest ?? 0,
        everybody: ofUsers.get(code)?.everybody ?? 0,
      });
    }),
  );
}

function partsOf({ families, onDemand, spot }: VcpuQuota) {
  return [
    { what: `on-demand ${families}`, code: onDemand },
    ...(spot === undefined ? [] : [{ what: `spot ${families}`, code: spot }]),
  ];
}

/** `*` allows everything, and asks for nothing: only what a pattern begins to name counts as meant. */
function namedTypes(globs: readonly string[], { names }: InstanceCatalogue): readonly string[] {
  const beginnings = globs.map((glob) => /^[a-z0-9.-]+/i.exec(glob.trim())?.[0].toLowerCase() ?? '');
  return names.filter((name) => beginnings.some((text) => text !== '' && name.startsWith(text)));
}

/** By quota code, of everything in the region. */
async function runningVcpus(
  { access }: AwsSubject,
  region: string,
  catalogue: InstanceCatalogue,
): Promise<ReadonlyMap<string, number>> {
  const client = new EC2Client(clientConfig(access, region));
  const Filters = [{ Name: 'instance-state-name', Values: ['pending', 'running'] }];
  const running = new Map<string, number>();
  for await (const { Reservations = [] } of paginateDescribeInstances({ client }, { Filters }))
    for (const { InstanceType: type = '', InstanceLifecycle, CpuOptions } of Reservations.flatMap(
      ({ Instances = [] }) => Instances,
    )) {
      const quota = quotaOf(type);
      const code = InstanceLifecycle === 'spot' ? quota?.spot : quota?.onDemand;
      const { CoreCount: cores, ThreadsPerCore: threads } = CpuOptions ?? {};
      const measured = cores !== undefined && threads !== undefined ? cores * threads : 0;
      const vcpus = catalogue.lookup(type)?.shape?.vcpus ?? measured;
      if (code !== undefined) running.set(code, (running.get(code) ?? 0) + vcpus);
    }
  return running;
}

import type { Network } from '../../core/installation.ts';
import type { AwsPlace } from '../aws-installation.ts';
import { installationId } from './account-place.ts';
import type { ControlPart, ControlStack } from './control-stack.ts';
import type { Installed, Wanted } from './deployment-state.ts';
import { listOf } from './placed-buckets.ts';

type Document = Readonly<Record<string, unknown>>;

/**
 * `installation.json` as it must be for these stacks. Keys that are not ours stay: an administrator's `defaultBlueprint`, what a
 * newer version wrote.
 */
export function installationDocument(
  { stacks, installation, record }: Pick<Installed, 'stacks' | 'installation' | 'record'>,
  { place, choices, buckets }: Wanted,
): Document {
  const before = installation ?? record?.lastInstallation ?? {};
  const out = (part: ControlPart, name: string) => output(stacks, part, name);
  const { contact: _, adminEmail: _2, ...others } = before;
  const { mail: _3, queueUrl: _4, deadLetterQueueUrl: _5, ...known } = Object(before['aws']) as Document;
  const network: Network = {
    vpc: choices.vpc?.id ?? out('clusters', 'VpcId') ?? '',
    subnets: choices.vpc?.subnets ?? listOf(out('clusters', 'SubnetIds')),
    sshFrom: choices.sshFrom,
    boundary: out('base', 'BoundaryArn') ?? '',
    rolePath: out('base', 'ClusterRolePath') ?? `/clusterdrop/${place.name}/clusters/`,
  };
  const queueUrl = out('engine', 'QueueUrl');
  const deadLetterQueueUrl = out('engine', 'DeadLetterQueueUrl');
  const aws: AwsPlace = {
    account: place.account,
    region: place.region,
    clustersRegion: choices.clustersRegion,
    buckets: buckets.users.map(({ name }) => name),
    executionRole: out('base', 'ExecutionRoleArn') ?? '',
    group: out('base', 'GroupName') ?? `${place.name}-users`,
    ...(queueUrl !== undefined && { queueUrl }),
    ...(deadLetterQueueUrl !== undefined && { deadLetterQueueUrl }),
    ...(choices.mail && { mail: choices.mail }),
  };
  return {
    ...others,
    version: 1,
    id: installationId(place),
    bucket: aws.buckets[0] ?? '',
    prefix: place.name,
    contact: choices.contact,
    ...(choices.adminEmail !== undefined && { adminEmail: choices.adminEmail }),
    simulated: false,
    network: { ...(Object(before['network']) as Document), ...network },
    aws: { ...known, ...aws },
  };
}

function output(stacks: readonly ControlStack[], part: ControlPart, name: string): string | undefined {
  return stacks.find((one) => one.part === part)?.outputs[name];
}

import type { BlueprintResource } from './blueprint.ts';
import { CLUSTER_RESOURCE_TYPES } from './cluster-resource-types.ts';
import { type Json, referencesOf, resourcesOf, type Template, type TemplateResource } from './template.ts';

const SECONDS = new Map(CLUSTER_RESOURCE_TYPES.map(({ type, seconds }) => [type, seconds]));
/** Of a type that nobody has timed. */
const SOME_SECONDS = 10;

/** An update never replaces or deletes these: people's files are on them. */
const PROTECTED = ['AWS::EC2::Instance', 'AWS::EC2::Volume'];

/**
 * Properties whose change means a new resource ("Update requires: Replacement"). Of those that hold files, or whose
 * replacement somebody would notice: the others may be said in blueprint.json.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-instance.html
 */
const REPLACED_BY: Readonly<Record<string, readonly string[]>> = {
  'AWS::EC2::Instance':
    'AvailabilityZone CpuOptions EnclaveOptions HibernationOptions ImageId Ipv6AddressCount KeyName LaunchTemplate LicenseSpecifications NetworkInterfaces PlacementGroupName PrivateIpAddress SecurityGroups SubnetId'.split(
      ' ',
    ),
  'AWS::EC2::Volume': ['AvailabilityZone', 'Encrypted', 'KmsKeyId', 'MultiAttachEnabled', 'SnapshotId'],
};

/** What a template makes, in its order: for progress, for simulated stacks, and for the stack policy. `given`: parameters that blueprint.json sets. */
export function blueprintResources(template: Template, given: readonly string[]): BlueprintResource[] {
  const resources = resourcesOf(template);
  const ids = new Set(resources.map(({ logicalId }) => logicalId));
  return resources.map((resource) => {
    const { logicalId, type, body } = resource;
    const named = [...referencesOf(body['Properties'] ?? null), ...textsOf(body['DependsOn'])];
    const after = [...new Set(named)].filter((one) => ids.has(one) && one !== logicalId);
    const replacedBy = replacersOf(resource).filter((one) => given.includes(one));
    return {
      logicalId,
      type,
      seconds: SECONDS.get(type) ?? SOME_SECONDS,
      ...(after.length > 0 && { after }),
      ...(replacedBy.length > 0 && { replacedBy }),
      ...(PROTECTED.includes(type) && { protected: true }),
    };
  });
}

function replacersOf({ type, properties }: TemplateResource): string[] {
  const replacing = REPLACED_BY[type] ?? [];
  return [
    ...new Set(
      Object.entries(properties)
        .filter(([name]) => replacing.includes(name))
        .flatMap(([, value]) => [...referencesOf(value)]),
    ),
  ];
}

function textsOf(value: Json | undefined): string[] {
  const all = Array.isArray(value) ? value : [value];
  return all.filter((one): one is string => typeof one === 'string');
}

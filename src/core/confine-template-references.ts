import { refused } from './confine-template-refused.ts';
import type { Problem } from './problems.ts';
import {
  branchesOf,
  functionOf,
  isMap,
  type Json,
  referredBy,
  resourcesOf,
  type Template,
  valuesIn,
} from './template.ts';

const PROFILE = 'AWS::IAM::InstanceProfile';
const ROLE = 'AWS::IAM::Role';
const INSTANCE = 'AWS::EC2::Instance';
const VOLUME = 'AWS::EC2::Volume';
const INTERFACE = 'AWS::EC2::NetworkInterface';
const TEMPLATE = 'AWS::EC2::LaunchTemplate';
const GROUP = 'AWS::AutoScaling::AutoScalingGroup';

type Owned = Readonly<Record<string, string | false>>;

/** In a launch template and where one is used, at any depth of a resource's properties. */
const MACHINE: Owned = { IamInstanceProfile: PROFILE, NetworkInterfaceId: INTERFACE };
const USES_TEMPLATE: Owned = { LaunchTemplateId: TEMPLATE, LaunchTemplateName: TEMPLATE };

/**
 * Properties that hand a machine to rights, or change a thing that already exists: what they name must be a resource of the template,
 * of this type; `false` is never allowed. Otherwise a cluster could take on another role of the account, attach a colleague's disk or
 * open a colleague's firewall.
 */
const OWNED: Readonly<Record<string, Owned>> = {
  [INSTANCE]: { ...MACHINE, ...USES_TEMPLATE, VolumeId: VOLUME },
  [TEMPLATE]: MACHINE,
  [GROUP]: {
    ...USES_TEMPLATE,
    LaunchConfigurationName: false,
    InstanceId: false,
    ServiceLinkedRoleARN: false,
    LoadBalancerNames: false,
    TargetGroupARNs: false,
    TrafficSources: false,
    RoleARN: false,
    NotificationTargetARN: false,
  },
  'AWS::AutoScaling::LifecycleHook': {
    AutoScalingGroupName: GROUP,
    RoleARN: false,
    NotificationTargetARN: false,
  },
  'AWS::EC2::VolumeAttachment': { InstanceId: INSTANCE, VolumeId: VOLUME },
  'AWS::EC2::NetworkInterfaceAttachment': { InstanceId: INSTANCE, NetworkInterfaceId: INTERFACE },
  'AWS::EC2::SecurityGroupIngress': { GroupId: 'AWS::EC2::SecurityGroup', GroupName: false },
  'AWS::EC2::SecurityGroupEgress': { GroupId: 'AWS::EC2::SecurityGroup' },
  [PROFILE]: { Roles: ROLE },
  'AWS::IAM::Policy': { Roles: ROLE, Users: false, Groups: false },
  'AWS::IAM::RolePolicy': { RoleName: ROLE },
};

/** Whatever reaches for something that is not the template's own. */
export function referenceProblems(template: Template): Problem[] {
  const resources = resourcesOf(template);
  const types = new Map(resources.map(({ logicalId, type }) => [logicalId, type]));
  return resources.flatMap(({ logicalId, type, properties }) => {
    const owned = OWNED[type];
    if (!owned) return [];
    const problems: Problem[] = [];
    for (const { value, key, path } of valuesIn(properties, `Resources.${logicalId}.Properties`)) {
      const wanted = Object.hasOwn(owned, key) ? owned[key] : undefined;
      // Lists are looked at as a whole, by their own path.
      if (wanted === undefined || !path.endsWith(`.${key}`)) continue;
      const named = branchesOf(value).flatMap((one) => namesIn(one));
      if (wanted === false) {
        if (named.length > 0)
          problems.push(refused(path, 'it reaches for something outside the template', 'Take it out'));
      } else if (!named.every((one) => types.get(referredBy(one) ?? '') === wanted))
        problems.push(
          refused(
            path,
            `it must be the template's own ${wanted}, found ${brief(value)}`,
            `Make the ${wanted.replace(/^.*::/, '')} in this template and refer to it with Ref or GetAtt`,
          ),
        );
    }
    return problems;
  });
}

/** An instance profile is named as such, or in an object with `Arn` or `Name`. */
function namesIn(value: Json): Json[] {
  if (!isMap(value) || functionOf(value)) return [value];
  return Object.values(value).flatMap(branchesOf);
}

function brief(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

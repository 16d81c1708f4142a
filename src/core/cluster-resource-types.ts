/** One kind of resource that the stack of a cluster may hold, and why. */
export interface ClusterResourceType {
  readonly type: string;
  /** Why clusters need it, or why it may be let in. */
  readonly why: string;
  /** Usual seconds to create it on AWS, for progress and for simulated stacks. */
  readonly seconds: number;
}

/**
 * Everything that a cluster may be made of: the one list. `confineTemplate` refuses a template with any other type, and the execution
 * role (`src/infra/execution-role.ts`) may make no other: a type goes in here together with the rights for it there.
 *
 * Left out on purpose: networks (all clusters share the one of the installation; a region has five VPCs and five fixed addresses
 * to begin with), what costs money by standing there (NAT gateways, dedicated hosts, capacity reservations), what reaches into other
 * networks (peering, VPN), what runs code or holds rights outside the boundary (functions, users, groups, access keys, managed
 * policies), and what outlives a cluster (buckets, images, file systems).
 */
export const CLUSTER_RESOURCE_TYPES: readonly ClusterResourceType[] = [
  { type: 'AWS::EC2::Instance', why: 'login nodes', seconds: 15 },
  { type: 'AWS::EC2::LaunchTemplate', why: 'what compute nodes are', seconds: 3 },
  { type: 'AWS::AutoScaling::AutoScalingGroup', why: 'compute nodes that come and go', seconds: 12 },
  { type: 'AWS::AutoScaling::LifecycleHook', why: 'time to drain a node', seconds: 3 },
  { type: 'AWS::EC2::Volume', why: 'disks that are no part of a machine, such as /home', seconds: 5 },
  { type: 'AWS::EC2::VolumeAttachment', why: 'such a disk and its machine', seconds: 4 },

  { type: 'AWS::EC2::SecurityGroup', why: 'clusters are kept apart by them', seconds: 6 },
  { type: 'AWS::EC2::SecurityGroupIngress', why: 'a rule of such a group', seconds: 3 },
  { type: 'AWS::EC2::SecurityGroupEgress', why: 'a rule of such a group', seconds: 3 },
  { type: 'AWS::EC2::NetworkInterface', why: 'an address that is there before its machine', seconds: 4 },
  { type: 'AWS::EC2::NetworkInterfaceAttachment', why: 'such an address and its machine', seconds: 4 },

  { type: 'AWS::IAM::Role', why: 'what a machine may do: below our path, within the boundary', seconds: 17 },
  { type: 'AWS::IAM::InstanceProfile', why: 'how a machine gets its role', seconds: 12 },
  {
    type: 'AWS::IAM::Policy',
    why: 'rights written beside the role: inline, so it goes with it',
    seconds: 15,
  },
  { type: 'AWS::IAM::RolePolicy', why: 'the same, for one role', seconds: 15 },

  // No rights are needed for these: they are CloudFormation itself.
  { type: 'AWS::CloudFormation::WaitConditionHandle', why: 'where the signal of a boot goes', seconds: 1 },
  { type: 'AWS::CloudFormation::WaitCondition', why: 'waits for the signal of the first boot', seconds: 120 },
];

/** Whose policies roles of clusters may have attached: those of AWS itself, which no account can change. The boundary still holds. */
export const ATTACHABLE_POLICIES = 'arn:*:iam::aws:policy/*';

/** Who may take on a role of a cluster: machines. The execution role may hand roles to nobody else. */
export const TRUSTED_SERVICE = 'ec2';

/** SSM parameters that a stack may read at creation: those that AWS itself publishes, such as the ids of images. */
export const READABLE_PARAMETERS = '/aws/service/';

/** Made by a function or a queue of somebody's, not by AWS. */
export function isCustomResource(type: string): boolean {
  return type === 'AWS::CloudFormation::CustomResource' || type.startsWith('Custom::');
}

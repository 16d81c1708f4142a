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
 * role may make no other. What is left out on purpose: what costs money by standing there (NAT gateways, dedicated hosts, capacity
 * reservations, interface endpoints), what reaches into other networks (peering, VPN, transit gateways), what runs code or holds
 * rights outside the boundary (functions, users, groups, access keys, managed policies), and what outlives a cluster (buckets, images).
 */
export const CLUSTER_RESOURCE_TYPES: readonly ClusterResourceType[] = [
  // Machines and their disks
  { type: 'AWS::EC2::Instance', why: 'login nodes', seconds: 15 },
  { type: 'AWS::EC2::LaunchTemplate', why: 'what compute nodes are', seconds: 3 },
  { type: 'AWS::EC2::Volume', why: 'disks that are no part of a machine, such as /home', seconds: 5 },
  { type: 'AWS::EC2::VolumeAttachment', why: 'such a disk and its machine', seconds: 4 },
  { type: 'AWS::EC2::PlacementGroup', why: 'nodes near each other', seconds: 6 },
  { type: 'AWS::AutoScaling::AutoScalingGroup', why: 'compute nodes that come and go', seconds: 12 },
  { type: 'AWS::AutoScaling::LaunchConfiguration', why: 'the same in older templates', seconds: 3 },
  { type: 'AWS::AutoScaling::ScalingPolicy', why: 'when nodes come and go', seconds: 3 },
  { type: 'AWS::AutoScaling::ScheduledAction', why: 'the same by the clock', seconds: 3 },
  { type: 'AWS::AutoScaling::LifecycleHook', why: 'time to drain a node', seconds: 3 },
  { type: 'AWS::CloudWatch::Alarm', why: 'what sets off a scaling policy', seconds: 3 },

  // The network of one cluster
  { type: 'AWS::EC2::SecurityGroup', why: 'clusters are kept apart by them', seconds: 6 },
  { type: 'AWS::EC2::SecurityGroupIngress', why: 'a rule of such a group', seconds: 3 },
  { type: 'AWS::EC2::SecurityGroupEgress', why: 'a rule of such a group', seconds: 3 },
  { type: 'AWS::EC2::NetworkInterface', why: 'an address that is there before its machine', seconds: 4 },
  { type: 'AWS::EC2::NetworkInterfaceAttachment', why: 'such an address and its machine', seconds: 4 },
  { type: 'AWS::EC2::EIP', why: 'a login address that survives a stop', seconds: 15 },
  { type: 'AWS::EC2::EIPAssociation', why: 'such an address and its machine', seconds: 4 },

  // A network of its own, as older templates make it: mind the quota of five VPCs in a region
  { type: 'AWS::EC2::VPC', why: 'a network of its own', seconds: 13 },
  { type: 'AWS::EC2::Subnet', why: 'a part of it', seconds: 6 },
  { type: 'AWS::EC2::InternetGateway', why: 'its way out', seconds: 16 },
  { type: 'AWS::EC2::VPCGatewayAttachment', why: 'its way out', seconds: 5 },
  { type: 'AWS::EC2::RouteTable', why: 'its way out', seconds: 5 },
  { type: 'AWS::EC2::Route', why: 'its way out', seconds: 4 },
  { type: 'AWS::EC2::SubnetRouteTableAssociation', why: 'its way out', seconds: 4 },
  { type: 'AWS::EC2::NetworkAcl', why: 'its filters', seconds: 5 },
  { type: 'AWS::EC2::NetworkAclEntry', why: 'its filters', seconds: 3 },
  { type: 'AWS::EC2::SubnetNetworkAclAssociation', why: 'its filters', seconds: 4 },
  { type: 'AWS::EC2::DHCPOptions', why: 'names in it', seconds: 4 },
  { type: 'AWS::EC2::VPCDHCPOptionsAssociation', why: 'names in it', seconds: 4 },

  // Rights of machines, always below the path of clusters and within the boundary
  { type: 'AWS::IAM::Role', why: 'what a machine may do', seconds: 17 },
  { type: 'AWS::IAM::InstanceProfile', why: 'how a machine gets its role', seconds: 12 },
  {
    type: 'AWS::IAM::Policy',
    why: 'rights written beside the role: inline, so it goes with it',
    seconds: 15,
  },
  { type: 'AWS::IAM::RolePolicy', why: 'the same, for one role', seconds: 15 },

  // The signal that a machine is ready: no rights needed, for it is CloudFormation itself
  { type: 'AWS::CloudFormation::WaitConditionHandle', why: 'where the signal goes', seconds: 1 },
  { type: 'AWS::CloudFormation::WaitCondition', why: 'waits for the signal of the first boot', seconds: 120 },
];

/** Whose policies roles of clusters may have attached: those of AWS itself, which no account can change. The boundary still holds. */
export const ATTACHABLE_POLICIES = 'arn:*:iam::aws:policy/*';

/** Services that may take on a role of a cluster, before the suffix `.amazonaws.com`: machines, and their groups for lifecycle hooks. */
export const TRUSTED_SERVICES: readonly string[] = ['ec2', 'autoscaling'];

/** SSM parameters that a stack may read at creation: those that AWS itself publishes, such as the ids of images. */
export const READABLE_PARAMETERS = '/aws/service/';

/** Made by a function or a queue of somebody's, not by AWS. */
export function isCustomResource(type: string): boolean {
  return type === 'AWS::CloudFormation::CustomResource' || type.startsWith('Custom::');
}

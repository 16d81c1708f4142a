/** One rule of cdk-nag that a template breaks on purpose. */
export interface Accepted {
  readonly rule: string;
  readonly at: readonly string[];
  readonly why: string;
}

const FUNCTIONS = ['engine/ReconcileRole', 'engine/SweepRole'];
const EXECUTION = ['base/ExecutionRole'];

/** An `*` behind a prefix that is ours: what lies below it is what the right is about. */
const below = (prefix: string, at: readonly string[], why: string): Accepted => ({
  rule: `IAM5 ${prefix}`,
  at,
  why,
});

/** Everything that cdk-nag's AwsSolutions finds in the templates, and why it is so. It sees nothing of a policy that is put together as text, nor of a statement that depends on a condition. */
export const ACCEPTED: readonly Accepted[] = [
  {
    rule: 'S1',
    at: ['base/UsersBucket', 'base/AdminBucket'],
    why: 'access logs need a third bucket and are paid for; CloudTrail tells who called, where somebody wants to know',
  },
  {
    rule: 'VPC7',
    at: ['clusters/Vpc'],
    why: 'flow logs of HPC traffic cost more than they tell; an administrator can add them to the network',
  },
  {
    rule: 'L1',
    at: ['engine/Reconcile', 'engine/Sweep', 'engine/Prices'],
    why: 'nodejs22.x has long-term support and is nearest to the Node that everything is tested on; a newer one is taken up on purpose',
  },
  below(
    's3:::<Bucket>/home/*',
    ['base/Boundary', ...FUNCTIONS],
    "all people's folders are the product's business; a node's own role says which",
  ),
  below('s3:::<Bucket>/home/*/*.files/*', ['base/Boundary'], "a node's own role says which cluster's files"),
  below('s3:::<Bucket>/home/${!aws:username}/*', ['base/UsersPolicy'], 'everything in one’s own folder'),
  below('s3:::<AdminBucketName>/customizer/*', ['base/Boundary', ...FUNCTIONS], 'profiles are folders'),
  below(
    's3:::<AdminBucketName>/blueprints/*',
    ['base/Boundary', ...FUNCTIONS],
    'a folder for each blueprint and version',
  ),
  below(
    's3:::<AdminBucketName>/reports/*',
    ['base/Boundary', ...FUNCTIONS],
    "one for each cluster; a node's own role says which",
  ),
  below('s3:::<AdminBucketName>/limits/*', FUNCTIONS, 'one for each user'),
  below('s3:::<AdminBucketName>/users/*', FUNCTIONS, 'one for each user'),
  below('s3:::<AdminBucketName>/ledger/*', FUNCTIONS, 'one for each user'),
  below('s3:::<AdminBucketName>/prices/*', [...FUNCTIONS, 'engine/PricesRole'], 'one for each region'),
  below(
    'autoscaling:<ClustersRegion>:<AWS::AccountId>:autoScalingGroup:*:autoScalingGroupName/*',
    ['base/Boundary'],
    'confined by the tag of the installation',
  ),
  below(
    'autoscaling:<ClustersRegion>:<AWS::AccountId>:autoScalingGroup:*:autoScalingGroupName/<InstallationName>-*',
    EXECUTION,
    'the id is chosen by Auto Scaling, the rest of the name by CloudFormation',
  ),
  below(
    'cloudformation:<ClustersRegion>:<AWS::AccountId>:stack/<InstallationName>-*/*',
    ['engine/ReconcileRole'],
    'names of clusters, and ids that CloudFormation gives; changes are confined by tag and role',
  ),
  below(
    'iam::<AWS::AccountId>:role/clusterdrop/<InstallationName>/clusters/*',
    EXECUTION,
    'names are the blueprints’; confined by path and boundary',
  ),
  below(
    'iam::<AWS::AccountId>:instance-profile/clusterdrop/<InstallationName>/clusters/*',
    EXECUTION,
    'names are the blueprints’; confined by path',
  ),
  ...[
    'instance',
    'volume',
    'security-group',
    'network-interface',
    'launch-template',
    'subnet',
    'key-pair',
    'placement-group',
    'spot-instances-request',
    'image',
    'vpc',
  ].map((kind) =>
    below(
      `ec2:<ClustersRegion>:<AWS::AccountId>:${kind}/*`,
      EXECUTION,
      'ids are given by EC2; changes are confined by tag',
    ),
  ),
  below('ec2:<ClustersRegion>::image/*', EXECUTION, 'public images belong to no account of ours'),
  below('ssm:<ClustersRegion>::parameter/aws/service/*', EXECUTION, "AWS's own public parameters"),
  {
    rule: 'IAM5 ec2:Describe*',
    at: EXECUTION,
    why: "which readings CloudFormation's handlers use is not written down, and changes",
  },
  { rule: 'IAM5 autoscaling:Describe*', at: EXECUTION, why: 'the same' },
  {
    rule: 'IAM5 *',
    at: [
      'base/Boundary',
      'base/ExecutionRole',
      'base/UsersPolicy',
      'engine/PricesRole',
      'engine/ReconcileRole',
      'engine/SweepRole',
    ],
    why: 'actions that know no resource: listed in test/policies/laws.test.ts',
  },
];

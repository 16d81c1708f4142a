import { Fn, type Stack } from 'aws-cdk-lib';
import { type CfnManagedPolicy, CfnRole } from 'aws-cdk-lib/aws-iam';
import { INSTALLATION_TAG } from '../core/tag-names.ts';
import { arn, CONTROL_PATH, named } from './names.ts';
import { allow, type Condition, policy, type Statement, trust } from './statement.ts';

/**
 * What CloudFormation may do for the stacks of clusters, and no more. Whoever can start a stack can make it do all of this, so it
 * is drawn tightly: only in the clusters' region, roles only below our path and boundary, and what is there already is changed
 * only if it is a cluster's.
 */
export function executionRole(stack: Stack, boundary: CfnManagedPolicy): CfnRole {
  return new CfnRole(stack, 'ExecutionRole', {
    roleName: named('execution'),
    path: CONTROL_PATH,
    description: "CloudFormation's role for the stacks of clusters",
    // No condition on the account: CloudFormation is not said to tell it for stacks, and a role is passed within its account only.
    assumeRolePolicyDocument: trust('cloudformation.amazonaws.com'),
    policies: [
      { policyName: 'machines', policyDocument: policy(...machines()) },
      { policyName: 'groups', policyDocument: policy(...groups()) },
      { policyName: 'roles', policyDocument: policy(...roles(boundary)) },
    ],
  });
}

const OURS: Condition = {
  StringEquals: { [`aws:ResourceTag/${INSTALLATION_TAG}`]: Fn.ref('InstallationId') },
};

/** `*` behind each kind: ids are EC2's, and unknown before. */
function ec2(...kinds: readonly string[]): readonly string[] {
  return kinds.map((kind) => arn('ec2', '${ClustersRegion}', `${kind}/*`));
}

function machines(): readonly Statement[] {
  const making = [
    'RunInstances',
    'CreateVolume',
    'CreateSecurityGroup',
    'CreateNetworkInterface',
    'CreateLaunchTemplate',
  ];
  const made = ec2('instance', 'volume', 'security-group', 'network-interface', 'launch-template');
  return [
    // `*`: EC2 knows no resources for its readings. All of them, for which ones CloudFormation's handlers use is not written down.
    allow('LookAround', ['ec2:Describe*'], '*', {
      StringEquals: { 'aws:RequestedRegion': Fn.ref('ClustersRegion') },
    }),
    // Images are AWS's and other people's, so their ARNs name no account. No snapshots: a copy of somebody's disk could be made of them.
    allow(
      'StartInstances',
      ['ec2:RunInstances'],
      [
        ...made,
        ...ec2('subnet', 'key-pair', 'placement-group', 'spot-instances-request'),
        Fn.sub('arn:${AWS::Partition}:ec2:${ClustersRegion}::image/*'),
        arn('ec2', '${ClustersRegion}', 'image/*'),
      ],
    ),
    allow(
      'MakeParts',
      ['ec2:CreateVolume', 'ec2:CreateSecurityGroup', 'ec2:CreateNetworkInterface'],
      ec2('volume', 'security-group', 'network-interface', 'subnet', 'vpc'),
    ),
    // The stack's tags do not reach launch templates. CloudFormation knows the ids of its own stacks' only.
    allow(
      'LaunchTemplates',
      [
        'ec2:CreateLaunchTemplate',
        'ec2:CreateLaunchTemplateVersion',
        'ec2:ModifyLaunchTemplate',
        'ec2:DeleteLaunchTemplate',
        'ec2:DeleteLaunchTemplateVersions',
      ],
      ec2('launch-template'),
    ),
    // Only as something comes to be: no tag of ours can be stuck on what is somebody else's.
    allow('TagWhatIsMade', ['ec2:CreateTags'], [...made, ...ec2('spot-instances-request')], {
      StringEquals: { 'ec2:CreateAction': making },
    }),
    allow(
      'ChangeOurs',
      [
        'ec2:CreateTags',
        'ec2:DeleteTags',
        'ec2:TerminateInstances',
        'ec2:StartInstances',
        'ec2:StopInstances',
        'ec2:ModifyInstanceAttribute',
        'ec2:ModifyInstanceMetadataOptions',
        'ec2:MonitorInstances',
        'ec2:UnmonitorInstances',
        'ec2:AssociateIamInstanceProfile',
        'ec2:ReplaceIamInstanceProfileAssociation',
        'ec2:DisassociateIamInstanceProfile',
        'ec2:AttachVolume',
        'ec2:DetachVolume',
        'ec2:ModifyVolume',
        'ec2:DeleteVolume',
        'ec2:AuthorizeSecurityGroupIngress',
        'ec2:AuthorizeSecurityGroupEgress',
        'ec2:RevokeSecurityGroupIngress',
        'ec2:RevokeSecurityGroupEgress',
        'ec2:DeleteSecurityGroup',
        'ec2:AttachNetworkInterface',
        'ec2:DetachNetworkInterface',
        'ec2:ModifyNetworkInterfaceAttribute',
        'ec2:DeleteNetworkInterface',
      ],
      ec2('instance', 'volume', 'security-group', 'network-interface'),
      OURS,
    ),
    // Where a blueprint leaves it to CloudFormation to find an image. AWS's own parameters: their ARNs name no account.
    allow(
      'PublicImages',
      ['ssm:GetParameter', 'ssm:GetParameters'],
      Fn.sub('arn:${AWS::Partition}:ssm:${ClustersRegion}::parameter/aws/service/*'),
    ),
  ];
}

function groups(): readonly Statement[] {
  return [
    // `*`: the readings know no resources.
    allow('LookAround', ['autoscaling:Describe*'], '*', {
      StringEquals: { 'aws:RequestedRegion': Fn.ref('ClustersRegion') },
    }),
    // CloudFormation names a group after its stack; the first `*` is an id of Auto Scaling's.
    allow(
      'Groups',
      [
        'autoscaling:CreateAutoScalingGroup',
        'autoscaling:UpdateAutoScalingGroup',
        'autoscaling:DeleteAutoScalingGroup',
        'autoscaling:CreateOrUpdateTags',
        'autoscaling:DeleteTags',
        'autoscaling:SuspendProcesses',
        'autoscaling:ResumeProcesses',
        'autoscaling:PutLifecycleHook',
        'autoscaling:DeleteLifecycleHook',
        'autoscaling:EnableMetricsCollection',
        'autoscaling:DisableMetricsCollection',
        'autoscaling:SetInstanceProtection',
        'autoscaling:TerminateInstanceInAutoScalingGroup',
      ],
      arn(
        'autoscaling',
        '${ClustersRegion}',
        'autoScalingGroup:*:autoScalingGroupName/${InstallationName}-*',
      ),
    ),
  ];
}

function roles(boundary: CfnManagedPolicy): readonly Statement[] {
  // `*` behind the path: the names are the blueprints'.
  const clusters = arn('iam', '', 'role/clusterdrop/${InstallationName}/clusters/*');
  const profiles = arn('iam', '', 'instance-profile/clusterdrop/${InstallationName}/clusters/*');
  return [
    // Whatever a template writes into a role, the boundary stays above it.
    allow(
      'RolesWithinTheBoundary',
      [
        'iam:CreateRole',
        'iam:PutRolePermissionsBoundary',
        'iam:PutRolePolicy',
        'iam:DeleteRolePolicy',
        'iam:AttachRolePolicy',
        'iam:DetachRolePolicy',
        'iam:UpdateAssumeRolePolicy',
      ],
      clusters,
      { StringEquals: { 'iam:PermissionsBoundary': boundary.ref } },
    ),
    allow(
      'Roles',
      [
        'iam:GetRole',
        'iam:GetRolePolicy',
        'iam:ListRolePolicies',
        'iam:ListAttachedRolePolicies',
        'iam:ListInstanceProfilesForRole',
        'iam:ListRoleTags',
        'iam:TagRole',
        'iam:UntagRole',
        'iam:UpdateRole',
        'iam:UpdateRoleDescription',
        'iam:DeleteRole',
      ],
      clusters,
    ),
    allow(
      'InstanceProfiles',
      [
        'iam:GetInstanceProfile',
        'iam:CreateInstanceProfile',
        'iam:DeleteInstanceProfile',
        'iam:AddRoleToInstanceProfile',
        'iam:RemoveRoleFromInstanceProfile',
        'iam:TagInstanceProfile',
        'iam:UntagInstanceProfile',
      ],
      profiles,
    ),
    allow('GiveToInstances', ['iam:PassRole'], clusters, {
      StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' },
    }),
    // Of the whole account, and AWS's own: there may be none yet where nobody has used these services.
    allow(
      'ServiceLinkedRoles',
      ['iam:CreateServiceLinkedRole'],
      [
        arn('iam', '', 'role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling'),
        arn('iam', '', 'role/aws-service-role/spot.amazonaws.com/AWSServiceRoleForEC2Spot'),
      ],
      { StringEquals: { 'iam:AWSServiceName': ['autoscaling.amazonaws.com', 'spot.amazonaws.com'] } },
    ),
    // Nothing above allows it. This holds even if somebody attaches more to this role.
    {
      Sid: 'NeverOurselves',
      Effect: 'Deny',
      Action: 'iam:*',
      Resource: ['role', 'policy', 'group'].map((kind) =>
        arn('iam', '', `${kind}/clusterdrop/\${InstallationName}/control/*`),
      ),
    },
    {
      Sid: 'NeverWithoutBoundary',
      Effect: 'Deny',
      Action: 'iam:DeleteRolePermissionsBoundary',
      Resource: '*',
    },
  ];
}

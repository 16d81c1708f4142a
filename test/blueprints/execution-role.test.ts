import { expect, it } from 'vitest';
import { CLUSTER_RESOURCE_TYPES } from '../../src/core/cluster-resource-types.ts';
import { type JsonMap, resourcesOf, type Template, valuesIn } from '../../src/core/template.ts';
import { jsonFile } from '../shipped.ts';

/** What CloudFormation calls to make a resource and to end it. */
const CALLS: Readonly<Record<string, readonly string[]>> = {
  'AWS::EC2::Instance': ['ec2:RunInstances', 'ec2:TerminateInstances', 'iam:PassRole'],
  'AWS::EC2::LaunchTemplate': ['ec2:CreateLaunchTemplate', 'ec2:DeleteLaunchTemplate'],
  'AWS::AutoScaling::AutoScalingGroup': [
    'autoscaling:CreateAutoScalingGroup',
    'autoscaling:UpdateAutoScalingGroup',
    'autoscaling:DeleteAutoScalingGroup',
  ],
  'AWS::AutoScaling::LifecycleHook': ['autoscaling:PutLifecycleHook', 'autoscaling:DeleteLifecycleHook'],
  'AWS::EC2::Volume': ['ec2:CreateVolume', 'ec2:DeleteVolume'],
  'AWS::EC2::VolumeAttachment': ['ec2:AttachVolume', 'ec2:DetachVolume'],
  'AWS::EC2::SecurityGroup': ['ec2:CreateSecurityGroup', 'ec2:DeleteSecurityGroup'],
  'AWS::EC2::SecurityGroupIngress': ['ec2:AuthorizeSecurityGroupIngress', 'ec2:RevokeSecurityGroupIngress'],
  'AWS::EC2::SecurityGroupEgress': ['ec2:AuthorizeSecurityGroupEgress', 'ec2:RevokeSecurityGroupEgress'],
  'AWS::EC2::NetworkInterface': ['ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface'],
  'AWS::EC2::NetworkInterfaceAttachment': ['ec2:AttachNetworkInterface', 'ec2:DetachNetworkInterface'],
  'AWS::IAM::Role': [
    'iam:CreateRole',
    'iam:PutRolePermissionsBoundary',
    'iam:AttachRolePolicy',
    'iam:DeleteRole',
  ],
  'AWS::IAM::InstanceProfile': [
    'iam:CreateInstanceProfile',
    'iam:AddRoleToInstanceProfile',
    'iam:RemoveRoleFromInstanceProfile',
    'iam:DeleteInstanceProfile',
  ],
  'AWS::IAM::Policy': ['iam:PutRolePolicy', 'iam:DeleteRolePolicy'],
  'AWS::IAM::RolePolicy': ['iam:PutRolePolicy', 'iam:DeleteRolePolicy'],
  'AWS::CloudFormation::WaitConditionHandle': [],
  'AWS::CloudFormation::WaitCondition': [],
};

/** Makes nothing that is a resource of its own. */
const NO_RESOURCE = [
  'ec2:CreateTags',
  'ec2:CreateLaunchTemplateVersion',
  'autoscaling:CreateOrUpdateTags',
  'iam:CreateServiceLinkedRole',
];

function allowedActions(): Set<string> {
  const base = jsonFile('infrastructure/base.template.json') as Template;
  const role = resourcesOf(base).find(({ logicalId }) => logicalId.startsWith('ExecutionRole'));
  const statements = [...valuesIn(role?.properties ?? {}, '')].filter(({ value }) => {
    const { Effect: effect, Action: action } = Object(value) as JsonMap;
    return effect === 'Allow' && action !== undefined && !JSON.stringify(action).includes('sts:');
  });
  return new Set(statements.flatMap(({ value }) => (Object(value) as { Action: string[] | string }).Action));
}

it('may make and end everything that clusters are made of', () => {
  expect(Object.keys(CALLS).toSorted()).toEqual(CLUSTER_RESOURCE_TYPES.map(({ type }) => type).toSorted());
  const allowed = allowedActions();
  for (const [type, calls] of Object.entries(CALLS))
    for (const call of calls) expect(allowed, `${type} needs ${call}`).toContain(call);
});

it('may make nothing else', () => {
  const needed = new Set([...Object.values(CALLS).flat(), ...NO_RESOURCE]);
  const making = [...allowedActions()].filter((action) =>
    /:(?:Create|Run|Allocate|Import|Register|Put)/.test(action),
  );
  expect(making.length).toBeGreaterThan(8);
  for (const action of making) expect(needed).toContain(action);
});

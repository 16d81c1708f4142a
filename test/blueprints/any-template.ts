import * as fc from 'fast-check';
import { CLUSTER_RESOURCE_TYPES } from '../../src/core/cluster-resource-types.ts';
import type { Json, JsonMap, Template } from '../../src/core/template.ts';

const NAMES = ['A', 'B', 'C', 'D', 'E', 'F'];
const FOREIGN_TYPES = [
  'AWS::CloudFormation::Stack',
  'AWS::CloudFormation::Macro',
  'AWS::CloudFormation::CustomResource',
  'Custom::Thing',
  'My::Own::Thing::MODULE',
  'AWS::IAM::User',
  'AWS::IAM::Group',
  'AWS::IAM::AccessKey',
  'AWS::IAM::ManagedPolicy',
  'AWS::Lambda::Function',
  'AWS::S3::Bucket',
  'AWS::EC2::NatGateway',
];
const OWN_TYPES = CLUSTER_RESOURCE_TYPES.map(({ type }) => type);
const RIGHTS = ['AWS::IAM::Role', 'AWS::IAM::InstanceProfile', 'AWS::IAM::Policy', 'AWS::EC2::Instance'];

const reference = fc
  .constantFrom(...NAMES, 'Parameter', 'AWS::StackName', 'AWS::NoValue')
  .chain(
    (name): fc.Arbitrary<Json> =>
      fc.constantFrom<Json>(
        { Ref: name },
        { 'Fn::GetAtt': [name, 'Arn'] },
        { 'Fn::Sub': `\${${name}}` },
        { 'Fn::If': ['Condition', { Ref: name }, { Ref: 'AWS::NoValue' }] },
      ),
  );
const leaf: fc.Arbitrary<Json> = fc.oneof(
  { weight: 3, arbitrary: reference },
  fc.constantFrom<Json>('/', 'plain', 'arn:aws:iam::aws:policy/ReadOnlyAccess', true, false, 'true', 0, null),
  { weight: 1, arbitrary: fc.constantFrom<Json>('{{resolve:secretsmanager:x}}', { 'Fn::Transform': {} }) },
);
const value: fc.Arbitrary<Json> = fc.oneof(
  { weight: 4, arbitrary: leaf },
  fc.array(leaf, { maxLength: 2 }),
  fc.record({ DeleteOnTermination: leaf }),
);
/** Good for machines: what a template that nobody means harm with says. */
const TRUST = { Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' } }] };

const PROPERTIES = [
  'Path',
  'PermissionsBoundary',
  'RoleName',
  'ManagedPolicyArns',
  'Roles',
  'Users',
  'GroupName',
  'IamInstanceProfile',
  'BlockDeviceMappings',
  'DisableApiTermination',
  'LaunchTemplateId',
  'Other',
];

const properties: fc.Arbitrary<JsonMap> = fc
  .dictionary(fc.constantFrom(...PROPERTIES), value, { maxKeys: 3 })
  .chain((map) =>
    fc.constantFrom<JsonMap>(
      { ...map, AssumeRolePolicyDocument: TRUST },
      {
        ...map,
        AssumeRolePolicyDocument: TRUST,
      },
      map,
    ),
  );

function resource(types: readonly string[]): fc.Arbitrary<Json> {
  return fc
    .record(
      {
        Type: fc.constantFrom(...types),
        Properties: properties,
        DeletionPolicy: fc.constantFrom('Retain', 'Snapshot', 'Delete'),
        DependsOn: fc.constantFrom(...NAMES),
      },
      { requiredKeys: ['Type'] },
    )
    .map((body) => body as unknown as Json);
}

function templateOf(types: fc.Arbitrary<Json>): fc.Arbitrary<Template> {
  return fc.record({
    Parameters: fc.constantFrom<JsonMap>({}, { Parameter: { Type: 'String', Default: 'x' } }),
    Resources: fc.dictionary(fc.constantFrom(...NAMES), types, { minKeys: 1, maxKeys: 6 }),
    Outputs: fc.constantFrom<JsonMap>({}, { Out: { Value: 'x', Export: { Name: 'x' } } }),
  }) as fc.Arbitrary<Template>;
}

/** Templates of anything at all: most of them are refused. */
export const anyTemplate = templateOf(
  fc.oneof({ weight: 4, arbitrary: resource([...RIGHTS, ...OWN_TYPES]) }, resource(FOREIGN_TYPES)),
);

/** Templates of roles and harmless things, many of which can be confined. */
export const anyMildTemplate = templateOf(
  fc.oneof(
    fc.record({
      Type: fc.constant('AWS::IAM::Role'),
      Properties: fc.constantFrom<JsonMap>(
        { AssumeRolePolicyDocument: TRUST },
        { AssumeRolePolicyDocument: TRUST, Path: '/' },
        { AssumeRolePolicyDocument: TRUST, Path: { Ref: 'ClusterdropRolePath' } },
        { AssumeRolePolicyDocument: TRUST, Path: { 'Fn::If': ['C', '/', { Ref: 'AWS::NoValue' }] } },
      ),
      DeletionPolicy: fc.constantFrom('Retain', 'Delete'),
    }),
    fc.constantFrom<Json>(
      { Type: 'AWS::IAM::InstanceProfile', Properties: { Roles: [], Path: '/' } },
      { Type: 'AWS::EC2::Volume', DeletionPolicy: 'Snapshot' },
      {
        Type: 'AWS::EC2::Instance',
        Properties: {
          DisableApiTermination: true,
          BlockDeviceMappings: [{ Ebs: { DeleteOnTermination: 'false' } }],
        },
      },
    ),
  ) as fc.Arbitrary<Json>,
);

import type { Blueprint } from '../../src/core/blueprint.ts';

const machine = (type: object) => ({
  Type: 'AWS::EC2::Instance',
  Properties: {
    ImageId: 'ami-12c6146b',
    InstanceType: type,
    NetworkInterfaces: [
      {
        DeviceIndex: '0',
        AssociatePublicIpAddress: true,
        GroupSet: [{ 'Fn::GetAtt': ['Group', 'GroupId'] }],
      },
    ],
  },
});
const addressOf = (instance: string) => ({ Value: { 'Fn::GetAtt': [instance, 'PublicIp'] } });

/** A cluster of one machine, small and real: what an emulator of EC2 can make. */
export const SMALL_TEMPLATE = {
  AWSTemplateFormatVersion: '2010-09-09',
  Parameters: {
    InstanceType: { Type: 'String', Default: 't3.micro' },
    NodeType: { Type: 'String', Default: 't3.micro' },
  },
  Resources: {
    Group: { Type: 'AWS::EC2::SecurityGroup', Properties: { GroupDescription: 'ssh to the login node' } },
    LoginNode: machine({ Ref: 'InstanceType' }),
    Nodes: {
      Type: 'AWS::EC2::LaunchTemplate',
      Properties: { LaunchTemplateData: { InstanceType: { Ref: 'NodeType' } } },
    },
  },
  Outputs: { LoginAddress: addressOf('LoginNode') },
};

/** The same with a second machine, and with other outputs by which a test knows them. */
export const SILENT_TEMPLATE = {
  ...SMALL_TEMPLATE,
  Resources: { ...SMALL_TEMPLATE.Resources, Archive: machine({ Ref: 'NodeType' }) },
  Outputs: {
    Instance: { Value: { Ref: 'LoginNode' } },
    ProofOfLogin: addressOf('LoginNode'),
    ProofOfArchive: addressOf('Archive'),
  },
};

export const SMALL_BLUEPRINT: Blueprint = {
  version: 1,
  name: 'small',
  title: 'One machine, for tests',
  template: { file: 'template.json' },
  parameters: { InstanceType: { from: 'MasterInstanceType' }, NodeType: { from: 'ComputeInstanceType' } },
  defaults: {},
  changeable: ['ComputeInstanceType'],
  addressOutput: 'LoginAddress',
  capabilities: [],
  price: { nodeDiskGb: 8 },
  resources: [
    { logicalId: 'Group', type: 'AWS::EC2::SecurityGroup', seconds: 6 },
    { logicalId: 'LoginNode', type: 'AWS::EC2::Instance', seconds: 14, after: ['Group'], protected: true },
    { logicalId: 'Nodes', type: 'AWS::EC2::LaunchTemplate', seconds: 3 },
  ],
};

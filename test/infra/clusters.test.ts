import { describe, expect, it } from 'vitest';
import { ACCOUNT, deployed, HOME, ID } from './deployed.ts';

const ELSEWHERE = 'us-east-1';

function typesOf(...args: Parameters<typeof deployed>): readonly string[] {
  return Object.values(deployed(...args).Resources).map(({ Type }) => Type);
}

describe('the network', () => {
  const { Resources, Outputs } = deployed('clusters', { VpcCidr: '10.20.0.0/16' });
  const subnets = Object.values(Resources).filter(({ Type }) => Type === 'AWS::EC2::Subnet');

  it('has a public subnet in each of three zones', () => {
    expect(
      subnets.map(({ Properties }) => [Properties['AvailabilityZone'], Properties['CidrBlock']]),
    ).toEqual([
      [`${HOME}a`, '10.20.0.0/20'],
      [`${HOME}b`, '10.20.16.0/20'],
      [`${HOME}c`, '10.20.32.0/20'],
    ]);
    for (const { Properties } of subnets) expect(Properties['MapPublicIpOnLaunch']).toBe(true);
    expect(Outputs['SubnetIds']).toBe('Subnet1,Subnet2,Subnet3');
  });

  it('has two of them where accounts see two zones', () => {
    const world = { region: 'us-west-1', zones: ['us-west-1a', 'us-west-1c'] };
    expect(deployed('clusters', {}, world).Outputs['SubnetIds']).toBe('Subnet1,Subnet2');
  });

  it('reaches the internet without a NAT gateway, and S3 without the internet', () => {
    expect(Resources['RouteToInternet']?.Properties).toMatchObject({
      DestinationCidrBlock: '0.0.0.0/0',
      GatewayId: 'InternetGateway',
    });
    expect(Resources['S3Endpoint']?.Properties).toMatchObject({
      VpcEndpointType: 'Gateway',
      ServiceName: `com.amazonaws.${HOME}.s3`,
      RouteTableIds: ['RouteTable'],
    });
    expect(Object.values(Resources).filter(({ Type }) => /NatGateway|SecurityGroup|EIP/.test(Type))).toEqual(
      [],
    );
  });

  it('is marked as the installation’s own, never as a cluster’s', () => {
    const tags = Resources['Vpc']?.Properties['Tags'];
    expect(tags).toContainEqual({ Key: 'clusterdrop:control', Value: ID });
    expect(JSON.stringify(Resources)).not.toContain('clusterdrop:installation');
  });

  it('is left out where there is one already', () => {
    const given = { MakeVpc: 'no' };
    expect(typesOf('clusters', given)).toEqual(['AWS::CloudFormation::WaitConditionHandle']);
    expect(deployed('clusters', given).Outputs).toEqual({});
  });
});

describe('forwarding', () => {
  it('is not needed where clusters live at home', () => {
    expect(typesOf('clusters')).not.toContain('AWS::Events::Rule');
    expect(typesOf('clusters')).not.toContain('AWS::IAM::Role');
  });

  it('hands on status changes of clusters’ stacks only', () => {
    const { ForwardRule } = deployed('clusters', {}, { region: ELSEWHERE }).Resources;
    expect(ForwardRule?.Properties).toMatchObject({
      EventPattern: {
        source: ['aws.cloudformation'],
        'detail-type': ['CloudFormation Stack Status Change', 'CloudFormation Resource Status Change'],
        detail: {
          'stack-id': [{ wildcard: `arn:aws:cloudformation:${ELSEWHERE}:${ACCOUNT}:stack/clusterdrop-*` }],
        },
      },
      Targets: [
        {
          Arn: `arn:aws:events:${HOME}:${ACCOUNT}:event-bus/default`,
          RoleArn: `arn:aws:iam::${ACCOUNT}:role/clusterdrop/clusterdrop/control/clusterdrop-forward`,
        },
      ],
    });
  });
});

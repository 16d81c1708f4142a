import { type CfnCondition, type CfnParameter, type CfnResource, Fn, type Stack, Tags } from 'aws-cdk-lib';
import {
  CfnInternetGateway,
  CfnRoute,
  CfnRouteTable,
  CfnSubnet,
  CfnSubnetRouteTableAssociation,
  CfnVPC,
  CfnVPCEndpoint,
  CfnVPCGatewayAttachment,
} from 'aws-cdk-lib/aws-ec2';
import { CONTROL_TAG } from '../core/tag-names.ts';
import { named } from './names.ts';

/** Third byte of a subnet's range: 4,091 addresses for each zone, and most of the network left for later. */
const SUBNET_STEP = 16;

export interface NetworkOptions {
  readonly made: CfnCondition;
  /** Holds where the region has a third zone, and the network is made. */
  readonly thirdZone: CfnCondition;
  readonly cidr: CfnParameter;
}

export interface Network {
  readonly vpc: CfnVPC;
  readonly subnets: readonly CfnSubnet[];
}

/**
 * One network for all clusters of an installation: five in a region is all that an account usually gets. Clusters are kept apart by
 * security groups of their own. No NAT gateway, which would cost more than many a cluster: nodes have public addresses. The default
 * security group stays as AWS makes it: it admits its own members only, and has none.
 */
export function network(stack: Stack, { made, thirdZone, cidr }: NetworkOptions): Network {
  const vpc = new CfnVPC(stack, 'Vpc', {
    cidrBlock: cidr.valueAsString,
    enableDnsSupport: true,
    enableDnsHostnames: true,
  });
  const gateway = new CfnInternetGateway(stack, 'InternetGateway');
  const attachment = new CfnVPCGatewayAttachment(stack, 'InternetGatewayAttachment', {
    vpcId: vpc.ref,
    internetGatewayId: gateway.ref,
  });
  const routes = new CfnRouteTable(stack, 'RouteTable', { vpcId: vpc.ref });
  const outside = new CfnRoute(stack, 'RouteToInternet', {
    routeTableId: routes.ref,
    destinationCidrBlock: '0.0.0.0/0',
    gatewayId: gateway.ref,
  });
  outside.addResourceDependency(attachment);
  const subnets = [made, made, thirdZone].map((present, index) =>
    subnetIn(stack, { vpc, routes, cidr, present, index }),
  );
  // What nodes read and write in S3 of their region stays inside AWS, at no cost.
  const s3 = new CfnVPCEndpoint(stack, 'S3Endpoint', {
    vpcId: vpc.ref,
    vpcEndpointType: 'Gateway',
    serviceName: Fn.sub('com.amazonaws.${AWS::Region}.s3'),
    routeTableIds: [routes.ref],
  });
  for (const part of [vpc, gateway, attachment, routes, outside, s3]) part.cfnOptions.condition = made;
  for (const part of [vpc, gateway, routes]) nameIt(part);
  return { vpc, subnets };
}

interface SubnetPlace {
  readonly vpc: CfnVPC;
  readonly routes: CfnRouteTable;
  readonly cidr: CfnParameter;
  readonly present: CfnCondition;
  readonly index: number;
}

function subnetIn(stack: Stack, { vpc, routes, cidr, present, index }: SubnetPlace): CfnSubnet {
  const bytes = Fn.split('.', cidr.valueAsString);
  const subnet = new CfnSubnet(stack, `Subnet${index + 1}`, {
    vpcId: vpc.ref,
    availabilityZone: Fn.select(index, Fn.getAzs()),
    cidrBlock: Fn.join('.', [Fn.select(0, bytes), Fn.select(1, bytes), `${index * SUBNET_STEP}.0/20`]),
    mapPublicIpOnLaunch: true,
  });
  nameIt(subnet);
  const association = new CfnSubnetRouteTableAssociation(stack, `Subnet${index + 1}Routes`, {
    subnetId: subnet.ref,
    routeTableId: routes.ref,
  });
  for (const part of [subnet, association]) part.cfnOptions.condition = present;
  return subnet;
}

/** A name for the console, and whose it is for whoever looks it up. */
function nameIt(part: CfnResource): void {
  Tags.of(part).add('Name', named('clusters'));
  Tags.of(part).add(CONTROL_TAG, Fn.ref('InstallationId'));
}

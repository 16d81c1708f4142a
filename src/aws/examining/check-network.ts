import {
  EC2Client,
  paginateDescribeInstanceTypeOfferings,
  paginateDescribeSubnets,
  type Subnet,
} from '@aws-sdk/client-ec2';
import { fail, ok, type Verdict, warn } from '../../core/finding.ts';
import { shippedCatalogue } from '../../shipped/shipped-catalogue.ts';
import { clientConfig } from '../access.ts';
import { type AwsSubject, deployAgain } from './aws-subject.ts';
import { defaultMachines } from './default-machines.ts';
import { judgeZones } from './judge-zones.ts';

/** Fewer addresses than a cluster of usual size takes. */
const FEW_ADDRESSES = 20;

/** The subnets of the clusters, and whether the machines that they are made of can be had in their zones. */
export async function checkNetwork(subject: AwsSubject): Promise<readonly Verdict[]> {
  const { network, aws } = subject.installation;
  if (!network) return [ok('there is none')];
  const ec2 = new EC2Client(clientConfig(subject.access, aws.clustersRegion));
  const found = await subnetsOf(ec2, network.subnets);
  const again = deployAgain(subject);
  const missing = network.subnets.filter((id) => !found.has(id));
  if (missing.length > 0)
    return [
      fail(`${missing.join(', ')} does not exist in ${aws.clustersRegion}: clusters are placed there`, again),
    ];
  const subnets = network.subnets.flatMap((id) => found.get(id) ?? []);
  const zones = subnets.map(({ AvailabilityZone = '' }) => AvailabilityZone);
  const wrong = [
    ...subnets.flatMap((subnet) => judgeSubnet(subnet, network.vpc)),
    ...(await typeVerdicts(subject, ec2, zones)),
  ];
  return wrong.length > 0 ? wrong : [ok(`${network.vpc} with subnets in ${zones.join(', ')}`)];
}

function judgeSubnet(subnet: Subnet, vpc: string): readonly Verdict[] {
  const { SubnetId: id = '', VpcId, AvailableIpAddressCount: free, AvailabilityZone: zone } = subnet;
  if (VpcId !== vpc)
    return [
      fail(
        `${id} lies in ${VpcId}, not in ${vpc}`,
        'Say again which ones are meant: clusterdrop admin deploy --vpc ID --subnets A,B',
      ),
    ];
  if (free !== undefined && free < FEW_ADDRESSES)
    return [
      warn(
        `${id} in ${zone} has ${free} addresses left: nodes beyond that do not come`,
        'End clusters, or take a network with more addresses: clusterdrop admin deploy --vpc ID --subnets A,B',
      ),
    ];
  return [];
}

async function typeVerdicts(
  subject: AwsSubject,
  ec2: EC2Client,
  zones: readonly string[],
): Promise<readonly Verdict[]> {
  const machines = await defaultMachines(subject, shippedCatalogue());
  const defaults = machines ? [machines.MasterInstanceType, machines.ComputeInstanceType] : [];
  const types = [...new Set([...defaults, ...subject.types])];
  const region = subject.installation.aws.clustersRegion;
  const offered = await zonesOf(ec2, types);
  return types.flatMap((type) =>
    judgeZones({
      type,
      region,
      offered: (offered.get(type) ?? []).toSorted(),
      subnets: zones,
      isDefault: defaults.includes(type),
    }),
  );
}

/** By filter, for an id that is not there would be an error that tells of one only. */
async function subnetsOf(client: EC2Client, ids: readonly string[]): Promise<Map<string, Subnet>> {
  const subnets = new Map<string, Subnet>();
  const Filters = [{ Name: 'subnet-id', Values: [...ids] }];
  for await (const { Subnets = [] } of paginateDescribeSubnets({ client }, { Filters }))
    for (const subnet of Subnets) if (subnet.SubnetId !== undefined) subnets.set(subnet.SubnetId, subnet);
  return subnets;
}

async function zonesOf(client: EC2Client, types: readonly string[]): Promise<Map<string, string[]>> {
  const zones = new Map<string, string[]>();
  const request = {
    LocationType: 'availability-zone' as const,
    Filters: [{ Name: 'instance-type', Values: [...types] }],
  };
  if (types.length === 0) return zones;
  for await (const { InstanceTypeOfferings = [] } of paginateDescribeInstanceTypeOfferings(
    { client },
    request,
  ))
    for (const { InstanceType: type, Location: zone } of InstanceTypeOfferings)
      if (type !== undefined && zone !== undefined) zones.set(type, [...(zones.get(type) ?? []), zone]);
  return zones;
}

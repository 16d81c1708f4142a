import { EC2Client, paginateDescribeInstances } from '@aws-sdk/client-ec2';
import { type Cluster, identityOf, stackNameOf } from '../../core/identity.ts';
import { type AwsAccess, clientConfig } from '../access.ts';
import type { AwsInstallation } from '../aws-installation.ts';

/** Ids of a cluster's instances that are not on their way out, by the tags of its stack: those of its login node and of its groups. */
export async function leftMachines(
  access: AwsAccess,
  { id, prefix, aws }: AwsInstallation,
  cluster: Cluster,
): Promise<readonly string[]> {
  const client = new EC2Client(clientConfig(access, aws.clustersRegion));
  const identity = identityOf(id, cluster);
  const found = new Set<string>();
  const tags = [
    { Name: 'tag:clusterdrop:cluster', Values: [identity] },
    { Name: 'tag:aws:cloudformation:stack-name', Values: [stackNameOf(prefix, identity, cluster)] },
  ];
  for (const tag of tags) {
    const alive = { Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] };
    for await (const { Reservations = [] } of paginateDescribeInstances(
      { client },
      { Filters: [tag, alive] },
    ))
      for (const { InstanceId } of Reservations.flatMap(({ Instances = [] }) => Instances))
        if (InstanceId !== undefined) found.add(InstanceId);
  }
  return [...found];
}

import { EC2Client, paginateDescribeInstances } from '@aws-sdk/client-ec2';
import { type AwsAccess, clientConfig } from './access.ts';
import { calmPages } from './cloudformation-errors.ts';
import type { InstanceAddresses } from './cloudformation-login-address.ts';

/** As many values as one filter of EC2 takes. */
const MOST_IDS = 200;

/** Asks EC2. Load this module only where an address is needed: the client is as large as everything else together. */
export function openInstanceAddresses(access: AwsAccess, region: string): InstanceAddresses {
  const client = new EC2Client(clientConfig(access, region));
  return async (ids) => {
    const addresses = new Map<string, string>();
    // A filter, for an instance id that EC2 has forgotten would be an error.
    const Filters = [{ Name: 'instance-id', Values: ids.slice(0, MOST_IDS) }];
    for await (const page of calmPages(paginateDescribeInstances({ client }, { Filters })))
      for (const { InstanceId: id, PublicIpAddress: address } of (page.Reservations ?? []).flatMap(
        (reservation) => reservation.Instances ?? [],
      ))
        if (id !== undefined && address !== undefined) addresses.set(id, address);
    return addresses;
  };
}

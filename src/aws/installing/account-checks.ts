import { DescribeSubnetsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetEmailIdentityCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { ProblemError, problem } from '../../core/problems.ts';
import { CONTROL_TAG } from '../../core/tag-names.ts';
import { type AwsAccess, clientConfig } from '../access.ts';
import type { AccountPlace } from './account-place.ts';
import type { Choices } from './choices.ts';

/** Names of roles and policies hold for all regions: a name that is installed elsewhere is taken. @throws ProblemError `name-in-use` */
export async function demandFreeName(access: AwsAccess, { name, region }: AccountPlace): Promise<void> {
  const role = `${name}-execution`;
  const iam = new IAMClient(clientConfig(access, region));
  const found = await absentAs('NoSuchEntityException', iam.send(new GetRoleCommand({ RoleName: role })));
  if (!found) return;
  const id = found.Role?.Tags?.find(({ Key }) => Key === CONTROL_TAG)?.Value;
  throw new ProblemError(problem('name-in-use', { name, role, id, region }));
}

/** Whether SES knows the address, or its whole domain, already: then there is nothing to register. */
export async function isMailIdentity(access: AwsAccess, { from, region }: NonNullable<Choices['mail']>) {
  const ses = new SESv2Client(clientConfig(access, region));
  for (const identity of [from, from.slice(from.lastIndexOf('@') + 1)]) {
    const command = new GetEmailIdentityCommand({ EmailIdentity: identity });
    if (await absentAs('NotFoundException', ses.send(command))) return true;
  }
  return false;
}

/** @throws ProblemError `bad-network` */
export async function demandNetwork(
  access: AwsAccess,
  region: string,
  { id, subnets }: NonNullable<Choices['vpc']>,
): Promise<void> {
  const ec2 = new EC2Client(clientConfig(access, region));
  // A filter, unlike a list of ids, is no error where one is missing.
  const { Subnets: found = [] } = await ec2.send(
    new DescribeSubnetsCommand({ Filters: [{ Name: 'subnet-id', Values: [...subnets] }] }),
  );
  const missing = subnets.filter((one) => !found.some(({ SubnetId }) => SubnetId === one));
  const stray = found.filter(({ VpcId }) => VpcId !== id);
  const what =
    missing.length > 0
      ? `there is no subnet ${missing.join(', ')} in ${region}`
      : stray.length > 0
        ? `${stray.map(({ SubnetId, VpcId }) => `${SubnetId} lies in ${VpcId}`).join(', ')}, not in ${id}`
        : undefined;
  if (what !== undefined) throw new ProblemError(problem('bad-network', { what }));
}

async function absentAs<T>(name: string, answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && error.name === name) return undefined;
    throw error;
  }
}

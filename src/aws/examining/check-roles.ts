import { GetGroupCommand, GetPolicyCommand, GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { fail, ok, type Verdict, warn } from '../../core/finding.ts';
import { clientConfig } from '../access.ts';
import { type AwsSubject, deployAgain } from './aws-subject.ts';
import { ifThere } from './if-there.ts';

const ABSENT = 'NoSuchEntityException';

/** Without the execution role no stack can be made, changed or even deleted; without the boundary none that has a role. */
export async function checkRoles(subject: AwsSubject): Promise<readonly Verdict[]> {
  const { aws, network } = subject.installation;
  const iam = new IAMClient(clientConfig(subject.access, aws.region));
  const role = aws.executionRole.split('/').at(-1) ?? '';
  const [hasRole, hasBoundary, hasGroup] = await Promise.all([
    isThere(iam.send(new GetRoleCommand({ RoleName: role }))),
    network === undefined ? true : isThere(iam.send(new GetPolicyCommand({ PolicyArn: network.boundary }))),
    aws.group === undefined ? true : isThere(iam.send(new GetGroupCommand({ GroupName: aws.group }))),
  ]);
  const again = deployAgain(subject);
  const wrong: Verdict[] = [];
  if (!hasRole)
    wrong.push(fail(`the execution role ${role} is missing: no cluster can start, and none can end`, again));
  if (!hasBoundary)
    wrong.push(
      fail(`the boundary ${network?.boundary} is missing: no cluster that has a role can start`, again),
    );
  if (!hasGroup)
    wrong.push(warn(`the group ${aws.group} is missing: its members hold no rights any more`, again));
  return wrong.length > 0
    ? wrong
    : [ok(`${[role, network && 'the boundary', aws.group].filter(Boolean).join(', ')} are there`)];
}

async function isThere(call: Promise<unknown>): Promise<boolean> {
  return (await ifThere(call, ABSENT)) !== undefined;
}

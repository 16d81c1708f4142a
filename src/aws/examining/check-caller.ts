import { fail, ok, type Verdict, warn } from '../../core/finding.ts';
import { callerIdentity } from '../caller-identity.ts';
import type { AwsSubject } from './aws-subject.ts';

/** Everything else is seen with these eyes. */
export async function checkCaller({ access, installation }: AwsSubject): Promise<readonly Verdict[]> {
  const { aws } = installation;
  const { arn, kind } = await callerIdentity(access, aws.region);
  const account = arn.split(':')[4];
  if (account !== aws.account)
    return [
      fail(
        `you call as ${arn}, but the installation lies in the account ${aws.account}`,
        'Use credentials of that account: AWS_PROFILE chooses them.',
      ),
    ];
  if (kind === 'root')
    return [
      warn(
        `you call as the root user of ${aws.account}`,
        'Use an IAM user or role: root needs no daily work.',
      ),
    ];
  return [ok(arn)];
}

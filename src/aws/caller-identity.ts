import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { type AwsAccess, clientConfig } from './access.ts';

/**
 * Who calls, as AWS tells it. `session` stands for assumed roles and federated users: its name is chosen by whoever began the
 * session, so it is a hint at a person and no proof.
 */
export type CallerIdentity = { readonly arn: string } & (
  | { readonly kind: 'user' | 'session'; readonly name: string }
  | { readonly kind: 'root' }
  | { readonly kind: 'unknown' }
);

/** Partitions are `aws`, `aws-cn`, `aws-us-gov` and others to come. */
const ARN = /^arn:aws[a-z-]*:(?:iam|sts)::\d*:(.+)$/;

/**
 * What an ARN says of a person. The path of an IAM user (`user/some/path/alice`) is no part of the name, nor of `${aws:username}`
 * in policies. Forms: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
 */
export function identityOfArn(arn: string): CallerIdentity {
  const [kind, ...rest] = (ARN.exec(arn)?.[1] ?? '').split('/');
  const name = rest.at(-1) ?? '';
  if (kind === 'root' && rest.length === 0) return { arn, kind: 'root' };
  if (kind === 'user' && name !== '') return { arn, kind: 'user', name };
  const isSession =
    (kind === 'assumed-role' && rest.length === 2) || (kind === 'federated-user' && rest.length === 1);
  return isSession && name !== '' ? { arn, kind: 'session', name } : { arn, kind: 'unknown' };
}

/** Asks AWS, which answers everybody who has credentials: no right is needed. */
export async function callerIdentity(access: AwsAccess, region: string): Promise<CallerIdentity> {
  const client = new STSClient(clientConfig(access, region));
  try {
    const { Arn = '' } = await client.send(new GetCallerIdentityCommand({}));
    return identityOfArn(Arn);
  } finally {
    client.destroy();
  }
}

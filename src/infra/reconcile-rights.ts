import { Aws, type CfnCondition, Fn } from 'aws-cdk-lib';
import type { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { INSTALLATION_TAG } from '../core/tag-names.ts';
import { readAdmin, readUsers } from './bucket-rights.ts';
import { arn, s3Arn } from './names.ts';
import { allow, type Statement } from './statement.ts';
import type { UsersBuckets } from './users-buckets.ts';

const IDENTITIES = Fn.sub('arn:${AWS::Partition}:ses:${MailRegion}:${AWS::AccountId}:identity/*');

/** What the function that acts may do. Everything that costs money goes through CloudFormation and its execution role. */
export function reconcileStatements(
  nudges: CfnQueue,
  buckets: UsersBuckets,
  sendsMail: CfnCondition,
): readonly Statement[] {
  return [
    ...readUsers(buckets),
    // A version is removed in one case only: our own delete marker, when it turns out to hide a newer write.
    allow('Answer', ['s3:PutObject', 's3:DeleteObject', 's3:DeleteObjectVersion'], buckets.arns('/home/*')),
    ...readAdmin(),
    // Two who write the same text at once both hold by S3's conditions: one of them takes its own version away again.
    allow('KeepLedgers', ['s3:PutObject', 's3:DeleteObjectVersion'], s3Arn('${AdminBucketName}/ledger/*')),
    ...stacks(),
    // `*`: the action knows no resource.
    allow('FindLoginAddress', ['ec2:DescribeInstances'], '*', {
      StringEquals: { 'aws:RequestedRegion': Fn.ref('ClustersRegion') },
    }),
    allow(
      'UseQueue',
      ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:SendMessage'],
      nudges.attrArn,
    ),
    ...[sendMail(), readSender(), readMailAccount()].map(
      (statement) => Fn.conditionIf(sendsMail.logicalId, statement, Aws.NO_VALUE) as unknown as Statement,
    ),
  ];
}

/** Names of our stacks begin with the installation's, and so may those of another one: what is there already must carry our tag. */
function stacks(): readonly Statement[] {
  // `*` for the rest of the name, and for the id that CloudFormation gives.
  const named = arn('cloudformation', '${ClustersRegion}', 'stack/${InstallationName}-*/*');
  const id = Fn.ref('InstallationId');
  const tagged = { [`aws:ResourceTag/${INSTALLATION_TAG}`]: id };
  const tagging = { [`aws:RequestTag/${INSTALLATION_TAG}`]: id };
  const role = { 'cloudformation:RoleArn': Fn.ref('ExecutionRoleArn') };
  return [
    // Without a tag, for whose stack it is must be seen first. Resources: where a blueprint names no output, the address is its instance's.
    allow(
      'SeeStacks',
      [
        'cloudformation:DescribeStacks',
        'cloudformation:DescribeStackEvents',
        'cloudformation:ListStackResources',
      ],
      named,
    ),
    allow('CreateStacks', ['cloudformation:CreateStack'], named, { StringEquals: { ...tagging, ...role } }),
    allow('UpdateStacks', ['cloudformation:UpdateStack'], named, {
      StringEquals: { ...tagged, ...tagging, ...role },
    }),
    allow('DeleteStacks', ['cloudformation:DeleteStack'], named, { StringEquals: { ...tagged, ...role } }),
    // Asked for by CreateStack with tags and with a policy that protects the login node. While a stack is made it has no tags yet.
    allow('TagStacks', ['cloudformation:TagResource'], named, { StringEquals: tagging }),
    allow('ProtectStacks', ['cloudformation:SetStackPolicy'], named, { StringEqualsIfExists: tagged }),
    allow('GiveExecutionRole', ['iam:PassRole'], Fn.ref('ExecutionRoleArn'), {
      StringEquals: { 'iam:PassedToService': 'cloudformation.amazonaws.com' },
    }),
  ];
}

/** `*`: while an account is confined to SES's sandbox, the receivers' identities are asked for as well. Our own sender is all it can be. */
function sendMail(): Statement {
  return allow('SendMail', ['ses:SendEmail', 'ses:SendRawEmail'], IDENTITIES, {
    StringEquals: { 'ses:FromAddress': Fn.ref('MailFrom') },
  });
}

/** So that a refusal can be explained. `*`: the sender's domain, or one above it, may be what is verified. */
function readSender(): Statement {
  return allow('ReadSender', ['ses:GetEmailIdentity'], IDENTITIES);
}

/** The same. `*`: the action knows no resource. */
function readMailAccount(): Statement {
  return allow('ReadMailAccount', ['ses:GetAccount'], '*', {
    StringEquals: { 'aws:RequestedRegion': Fn.ref('MailRegion') },
  });
}

import { ENGINE_CHECKS, STORE_RIGHTS } from '../../engine/examining/engine-checks.ts';
import type { Check } from '../../engine/examining/examine.ts';
import type { AwsSubject } from './aws-subject.ts';
import { checkAlarms } from './check-alarms.ts';
import { BUCKET_RIGHTS, checkAdminBucket, checkUsersBuckets } from './check-buckets.ts';
import { checkCaller } from './check-caller.ts';
import { checkControlStacks } from './check-control-stacks.ts';
import { checkDeadLetters } from './check-dead-letters.ts';
import { checkFunctions } from './check-functions.ts';
import { checkInstallation } from './check-installation.ts';
import { checkMailAccount, checkSender } from './check-mail.ts';
import { checkNetwork } from './check-network.ts';
import { checkPrices } from './check-prices.ts';
import { checkQueue } from './check-queue.ts';
import { checkQuotas } from './check-quotas.ts';
import { checkRoles } from './check-roles.ts';
import { checkRules } from './check-rules.ts';

/** Everything that is looked at in an installation in an AWS account. Each name is a section of docs/operations.md. */
export const AWS_CHECKS: readonly Check<AwsSubject>[] = [
  { name: 'caller', look: checkCaller },
  { name: 'installation', look: checkInstallation },
  {
    name: 'control stacks',
    look: checkControlStacks,
    rights: ['cloudformation:DescribeStacks', 'cloudformation:DescribeStackEvents'],
  },
  { name: "users' buckets", look: checkUsersBuckets, rights: BUCKET_RIGHTS },
  { name: "administrator's bucket", look: checkAdminBucket, rights: BUCKET_RIGHTS },
  { name: 'queue', look: checkQueue, rights: ['sqs:GetQueueAttributes', 'lambda:GetFunctionConfiguration'] },
  { name: 'dead letters', look: checkDeadLetters, rights: ['sqs:GetQueueAttributes', 'sqs:ReceiveMessage'] },
  { name: 'rules', look: checkRules, rights: ['events:ListRuleNamesByTarget', 'events:DescribeRule'] },
  {
    name: 'functions',
    look: checkFunctions,
    rights: ['lambda:GetFunctionConfiguration', 'lambda:ListEventSourceMappings'],
  },
  { name: 'roles', look: checkRoles, rights: ['iam:GetRole', 'iam:GetPolicy', 'iam:GetGroup'] },
  { name: 'alarms', look: checkAlarms, rights: ['cloudwatch:DescribeAlarms'] },
  { name: 'mail sender', look: checkSender, rights: ['ses:GetEmailIdentity'] },
  { name: 'mail account', look: checkMailAccount, rights: ['ses:GetAccount'], isAdvice: true },
  {
    name: 'network',
    look: checkNetwork,
    rights: [...STORE_RIGHTS, 'ec2:DescribeSubnets', 'ec2:DescribeInstanceTypeOfferings'],
  },
  {
    name: 'account quotas',
    look: checkQuotas,
    rights: [...STORE_RIGHTS, 'ec2:DescribeInstances', 'servicequotas:GetServiceQuota'],
    isAdvice: true,
  },
  { name: 'prices', look: checkPrices, rights: STORE_RIGHTS },
  ...ENGINE_CHECKS,
];

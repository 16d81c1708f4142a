import { CfnDeletionPolicy, Fn, type Stack } from 'aws-cdk-lib';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { CONTROL_PATH, named } from './names.ts';
import { allow, policy, type Statement, trust } from './statement.ts';

/** The longest time that a function may take; the queue hides a message six times as long. */
export const RECONCILE_SECONDS = 120;

interface FunctionShape {
  readonly id: string;
  /** File and role are called like this too. */
  readonly name: string;
  readonly description: string;
  readonly seconds: number;
  readonly megabytes: number;
}

/** Waits for AWS nearly all of its time; the memory is for the share of a processor that comes with it. */
export const RECONCILE: FunctionShape = {
  id: 'Reconcile',
  name: 'reconcile',
  description: 'Follows up what the queue names',
  seconds: RECONCILE_SECONDS,
  megabytes: 512,
};
/** Goes through all ledgers, folders and stacks of a region. */
export const SWEEP: FunctionShape = {
  id: 'Sweep',
  name: 'sweep',
  description: 'Finds what no event told of',
  seconds: 300,
  megabytes: 512,
};
/** Holds a region's price list. */
export const PRICES: FunctionShape = {
  id: 'Prices',
  name: 'prices',
  description: 'Takes in the price list once a day',
  seconds: 300,
  megabytes: 1024,
};

interface EngineFunction extends FunctionShape {
  /** In the administrator's bucket. */
  readonly codeKey: string;
  readonly logDays: number;
  readonly rights: readonly Statement[];
}

/** A function with a role and a log group of its own. */
export function engineFunction(stack: Stack, shape: EngineFunction): CfnFunction {
  const { id, name, description, seconds, megabytes, codeKey, logDays, rights } = shape;
  const logs = new CfnLogGroup(stack, `${id}Logs`, {
    logGroupName: Fn.sub(`/aws/lambda/\${InstallationName}-${name}`),
    retentionInDays: logDays,
  });
  // A log that stayed would be in the way of the next installation of this name.
  logs.cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
  logs.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.DELETE;
  const role = new CfnRole(stack, `${id}Role`, {
    roleName: named(name),
    path: CONTROL_PATH,
    assumeRolePolicyDocument: trust('lambda.amazonaws.com'),
    policies: [
      {
        policyName: name,
        policyDocument: policy(
          ...rights,
          // The ARN ends in `:*`, which stands for the streams; Lambda chooses their names.
          allow('WriteLogs', ['logs:CreateLogStream', 'logs:PutLogEvents'], logs.attrArn),
        ),
      },
    ],
  });
  return new CfnFunction(stack, id, {
    functionName: named(name),
    description,
    code: { s3Bucket: Fn.ref('AdminBucketName'), s3Key: codeKey },
    handler: `${name}.handler`,
    runtime: 'nodejs22.x',
    architectures: ['arm64'],
    timeout: seconds,
    memorySize: megabytes,
    role: role.attrArn,
    loggingConfig: { logGroup: logs.ref },
    // All else stands in installation.json there, which an administrator can change without a deployment.
    environment: { variables: { CLUSTERDROP_ADMIN_BUCKET: Fn.ref('AdminBucketName') } },
  });
}

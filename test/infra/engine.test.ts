import { describe, expect, it } from 'vitest';
import { ACCOUNT, ADMIN_BUCKET, deployed, HOME, USERS_BUCKETS } from './deployed.ts';

const { Resources, Outputs } = deployed('engine');
const properties = (id: string) => {
  const found = Resources[id];
  if (!found) throw new Error(`no ${id}`);
  return found.Properties;
};
const ofType = (type: string) => Object.entries(Resources).filter(([, { Type }]) => Type === type);
const sqs = (name: string) => `arn:aws:sqs:${HOME}:${ACCOUNT}:${name}`;
const rule = (name: string) => `arn:aws:events:${HOME}:${ACCOUNT}:rule/${name}`;
const TLS_ONLY = { Effect: 'Deny', Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } };

describe('queues', () => {
  it('a message is hidden six times as long as the function may take', () => {
    expect(properties('Nudges')['VisibilityTimeout']).toBe(6 * Number(properties('Reconcile')['Timeout']));
  });

  it('what fails again and again is put aside for a fortnight', () => {
    expect(properties('Nudges')['RedrivePolicy']).toEqual({
      deadLetterTargetArn: sqs('clusterdrop-dead-letters'),
      maxReceiveCount: 5,
    });
    expect(properties('DeadLetters')).toMatchObject({
      MessageRetentionPeriod: 14 * 24 * 3600,
      RedriveAllowPolicy: { redrivePermission: 'byQueue', sourceQueueArns: [sqs('clusterdrop-nudges')] },
    });
  });

  it('are encrypted', () => {
    for (const id of ['Nudges', 'DeadLetters']) expect(properties(id)['SqsManagedSseEnabled']).toBe(true);
  });

  it('take messages from the two rules and by TLS only', () => {
    expect(properties('NudgesPolicy')['PolicyDocument']).toMatchObject({
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: sqs('clusterdrop-nudges'),
          Condition: {
            ArnEquals: { 'aws:SourceArn': [rule('clusterdrop-drops'), rule('clusterdrop-stacks')] },
          },
        },
        TLS_ONLY,
      ],
    });
    expect(properties('DeadLettersPolicy')['PolicyDocument']).toMatchObject({ Statement: [TLS_ONLY] });
  });
});

describe('functions', () => {
  it('are woken by the queue, a few at a time, and say which messages failed', () => {
    expect(properties('NudgesToReconcile')).toEqual({
      EventSourceArn: sqs('clusterdrop-nudges'),
      FunctionName: 'clusterdrop-reconcile',
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 5 },
      Enabled: true,
    });
  });

  it.each([
    ['Reconcile', 'reconcile'],
    ['Sweep', 'sweep'],
    ['Prices', 'prices'],
  ])('%s runs its file with its own role and log', (id, name) => {
    expect(properties(id)).toMatchObject({
      FunctionName: `clusterdrop-${name}`,
      Handler: `${name}.handler`,
      Runtime: 'nodejs22.x',
      Architectures: ['arm64'],
      Code: { S3Bucket: ADMIN_BUCKET, S3Key: 'code/0123456789abcdef.zip' },
      Role: `arn:aws:iam::${ACCOUNT}:role/clusterdrop/clusterdrop/control/clusterdrop-${name}`,
      LoggingConfig: { LogGroup: `/aws/lambda/clusterdrop-${name}` },
      Environment: { Variables: { CLUSTERDROP_ADMIN_BUCKET: ADMIN_BUCKET } },
    });
    // Messages would be refused by the function, and end among the dead letters.
    expect(properties(id)).not.toHaveProperty('ReservedConcurrentExecutions');
    expect(properties(`${id}Logs`)).toEqual({
      LogGroupName: `/aws/lambda/clusterdrop-${name}`,
      RetentionInDays: '90',
    });
    expect(properties(`${id}Role`)).not.toHaveProperty('ManagedPolicyArns');
  });

  it('are called by their own rules only', () => {
    expect(ofType('AWS::Lambda::Permission').map(([, { Properties }]) => Properties)).toEqual(
      ['sweep', 'prices'].map((name) => ({
        Action: 'lambda:InvokeFunction',
        FunctionName: `clusterdrop-${name}`,
        Principal: 'events.amazonaws.com',
        SourceArn: rule(`clusterdrop-${name}`),
      })),
    );
  });

  it('send mail only where there is an address', () => {
    const rights = (given: Readonly<Record<string, string>>) =>
      JSON.stringify(deployed('engine', given).Resources['ReconcileRole']);
    expect(rights({})).toContain('ses:SendEmail');
    expect(rights({ MailFrom: '', MailRegion: '' })).not.toContain('ses:');
  });
});

describe('rules', () => {
  it('hear of drops in all users’ buckets, and of what was meant as one', () => {
    expect(properties('DropRule')).toMatchObject({
      EventPattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: {
          bucket: { name: [...USERS_BUCKETS] },
          object: {
            key: [
              { wildcard: 'home/*.cf-create*' },
              { wildcard: 'home/*.cf-delete*' },
              { suffix: { 'equals-ignore-case': '.cf-create' } },
              { suffix: { 'equals-ignore-case': '.cf-delete' } },
            ],
          },
        },
      },
      Targets: [{ Arn: sqs('clusterdrop-nudges') }],
    });
  });

  it('hear of clusters’ stacks wherever they are, and of no control stack', () => {
    const { StackRule } = deployed('engine', { ClustersRegion: 'us-east-1' }).Resources;
    expect(StackRule?.Properties).toMatchObject({
      EventPattern: {
        detail: {
          'stack-id': [{ wildcard: `arn:aws:cloudformation:us-east-1:${ACCOUNT}:stack/clusterdrop-*` }],
        },
      },
    });
  });

  it('wake the sweep as often as was chosen, and the price list daily', () => {
    const chosen = deployed('engine', { SweepMinutes: '3' }).Resources;
    expect(chosen['SweepRule']?.Properties['ScheduleExpression']).toBe('rate(3 minutes)');
    expect(properties('PricesRule')['ScheduleExpression']).toBe('rate(1 day)');
  });
});

describe('alarms', () => {
  const alarms = ofType('AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);

  it('ring for what nobody else would notice', () => {
    const told = alarms.map((alarm) =>
      [
        'AlarmName',
        'Namespace',
        'MetricName',
        'Statistic',
        'Period',
        'ComparisonOperator',
        'Threshold',
        'TreatMissingData',
      ]
        .map((key) => alarm[key])
        .join(' '),
    );
    expect(told).toEqual([
      'clusterdrop-dead-letters AWS/SQS ApproximateNumberOfMessagesVisible Maximum 300 GreaterThanThreshold 0 notBreaching',
      'clusterdrop-nudges-waiting AWS/SQS ApproximateAgeOfOldestMessage Maximum 300 GreaterThanThreshold 1800 notBreaching',
      'clusterdrop-reconcile-errors AWS/Lambda Errors Sum 300 GreaterThanThreshold 0 notBreaching',
      'clusterdrop-sweep-errors AWS/Lambda Errors Sum 300 GreaterThanThreshold 0 notBreaching',
      'clusterdrop-prices-errors AWS/Lambda Errors Sum 300 GreaterThanThreshold 0 notBreaching',
      'clusterdrop-sweep-missing AWS/Lambda Invocations Sum 1800 LessThanThreshold 1 breaching',
    ]);
    for (const alarm of alarms) {
      expect(alarm['AlarmActions']).toEqual([Outputs['AlarmTopicArn']]);
      expect(alarm['AlarmDescription']).toMatch(/\w/);
    }
  });

  it('reach an address where there is one', () => {
    expect(properties('AlarmsByMail')).toMatchObject({ Protocol: 'email', Endpoint: 'admin@example.org' });
    expect(deployed('engine', { AlarmEmail: '' }).Resources).not.toHaveProperty('AlarmsByMail');
  });

  it('are published by alarms of this installation and by TLS only', () => {
    expect(properties('AlarmsPolicy')['PolicyDocument']).toMatchObject({
      Statement: [
        {
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Condition: {
            StringEquals: { 'aws:SourceAccount': ACCOUNT },
            ArnLike: { 'aws:SourceArn': `arn:aws:cloudwatch:${HOME}:${ACCOUNT}:alarm:clusterdrop-*` },
          },
        },
        TLS_ONLY,
      ],
    });
  });
});

import { SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { DisableRuleCommand, EnableRuleCommand } from '@aws-sdk/client-eventbridge';
import { ListEventSourceMappingsCommand, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import {
  DeleteBucketPolicyCommand,
  DeleteBucketTaggingCommand,
  DeleteObjectCommand,
  DeletePublicAccessBlockCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
import { CreateEmailIdentityCommand } from '@aws-sdk/client-sesv2';
import { PurgeQueueCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { AWS_CHECKS } from '../../../src/aws/examining/aws-checks.ts';
import type { Finding } from '../../../src/core/finding.ts';
import { DAY } from '../../../src/core/instant.ts';
import { describeOnMoto } from '../../emulator/moto.ts';
import { ADMIN, openSoundInstallation, REGION, type SoundInstallation, USERS } from './sound-installation.ts';

/** The right that a call needs, where it is called otherwise: https://docs.aws.amazon.com/service-authorization/latest/reference/ */
const RIGHTS: readonly (readonly [RegExp, string])[] = [
  [/^s3:(?:HeadBucket|ListObjectsV2)$/, 's3:ListBucket'],
  [/^s3:ListObjectVersions$/, 's3:ListBucketVersions'],
  [/^s3:GetBucketNotificationConfiguration$/, 's3:GetBucketNotification'],
  [/^s3:GetPublicAccessBlock$/, 's3:GetBucketPublicAccessBlock'],
  [/^s3:GetBucketLifecycleConfiguration$/, 's3:GetLifecycleConfiguration'],
  [/^monitoring:/, 'cloudwatch:'],
  [/^lambda:GET \S+\/functions\/[^/]+\/configuration$/, 'lambda:GetFunctionConfiguration'],
  [/^lambda:GET \S+\/event-source-mappings$/, 'lambda:ListEventSourceMappings'],
  [/^ses:GET \S+\/identities\/[^/]+$/, 'ses:GetEmailIdentity'],
];

function rightFor({ service, operation }: SoundInstallation['calls'][number]): string {
  return RIGHTS.reduce((call, [form, right]) => call.replace(form, right), `${service}:${operation}`);
}

/** Depends on whether the checkout has been built. */
const isOtherVersion = (what: string) => what.includes('another version than this program');

describeOnMoto('admin doctor', () => {
  let installed: SoundInstallation;
  beforeAll(async () => {
    installed = await openSoundInstallation();
  }, 120_000);
  afterAll(() => installed?.close());

  /** What is found wrong beyond what the emulator cannot answer at all. */
  async function wrong(...args: string[]): Promise<readonly Finding[]> {
    const { findings } = await installed.doctor(...args);
    return findings.filter(
      ({ level, check, what }) => level !== 'ok' && check !== 'account quotas' && !isOtherVersion(what),
    );
  }

  /** The one thing that is wrong. */
  async function planted(...args: string[]): Promise<Finding> {
    const found = await wrong(...args);
    expect(found).toHaveLength(1);
    return found[0] as Finding;
  }

  test('finds nothing wrong in a sound installation', async () => {
    expect(await wrong()).toEqual([]);
    const { code, findings } = await installed.doctor();
    expect(code).toBe(0);
    expect(findings.find(({ check }) => check === 'rules')?.what).toBe(
      'clusterdrop-drops, clusterdrop-stacks, clusterdrop-sweep, clusterdrop-prices are enabled',
    );
  });

  test('makes no call that changes anything, and needs no right that it does not name', async () => {
    await installed.withInstallation(
      ({ aws }) => (aws.mail = { region: REGION, from: 'admin@example.org' }),
      async () => {
        const before = installed.calls.length;
        await installed.doctor('--type', 'g5.xlarge');
        const needed = new Set(installed.calls.slice(before).map(rightFor));
        // Everybody may ask who they are.
        const named = new Set(['sts:GetCallerIdentity', ...AWS_CHECKS.flatMap(({ rights = [] }) => rights)]);
        expect([...needed].filter((right) => !named.has(right))).toEqual([]);
        // The dead letters are shown only where there are some; a stack's history is read only where something went wrong.
        const rest = [...named].filter((right) => !needed.has(right));
        expect(rest.toSorted()).toEqual(['cloudformation:DescribeStackEvents', 'sqs:ReceiveMessage']);
        expect([...named].filter((right) => !/:(?:Get|List|Describe|ReceiveMessage$)/.test(right))).toEqual(
          [],
        );
      },
    );
  });

  test('says so, with the way out, for people', async () => {
    const rule = { Name: 'clusterdrop-sweep' };
    await installed.events.send(new DisableRuleCommand(rule));
    onTestFinished(async () => void (await installed.events.send(new EnableRuleCommand(rule))));
    const { out, code } = await installed.cli('admin', 'doctor', '--store', `s3://${USERS}`);
    expect(code).toBe(3);
    expect(out).toContain(`
fail  rules: the rule clusterdrop-sweep is disabled: ends of clusters do not come, and lost events are not made good
      Enable it:
        aws events enable-rule --name clusterdrop-sweep --region ${REGION}
`);
    expect(out).toMatch(/\nOne thing must be mended\.\n$/);
  });

  test('a bucket that tells EventBridge of nothing', async () => {
    const tell = (NotificationConfiguration: object) =>
      installed.s3.send(
        new PutBucketNotificationConfigurationCommand({ Bucket: USERS, NotificationConfiguration }),
      );
    await tell({});
    onTestFinished(async () => {
      await tell({ EventBridgeConfiguration: {} });
    });
    const found = await planted();
    expect(found).toMatchObject({
      check: "users' buckets",
      level: 'fail',
      what: `${USERS} tells EventBridge of nothing: drops are found by the sweep only, minutes late`,
      fix: `Put it back: clusterdrop admin deploy --region ${REGION}`,
    });
  });

  test.each([USERS, ADMIN])('versions that are suspended: %s', async (Bucket) => {
    const set = (Status: 'Enabled' | 'Suspended') =>
      installed.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
    await set('Suspended');
    onTestFinished(async () => {
      await set('Enabled');
    });
    const found = await wrong();
    expect(found).toContainEqual(
      expect.objectContaining({
        level: 'fail',
        what: expect.stringContaining(`${Bucket} keeps no versions`),
      }),
    );
    // Whatever else is not to be had from such a bucket, nothing that works is called broken.
    expect(found.every(({ what }) => what.includes('version'))).toBe(true);
  });

  test("a users' bucket that lost its tag, looked at through the administrator's", async () => {
    const { TagSet } = await installed.s3.send(new GetBucketTaggingCommand({ Bucket: USERS }));
    await installed.s3.send(new DeleteBucketTaggingCommand({ Bucket: USERS }));
    onTestFinished(async () => {
      await installed.s3.send(new PutBucketTaggingCommand({ Bucket: USERS, Tagging: { TagSet } }));
    });
    const found = await planted('--store', `s3://${ADMIN}`);
    expect(found).toMatchObject({ check: "users' buckets", level: 'fail' });
    expect(found.what).toContain('does not say whose it is');
    expect(found.fix).toContain(`clusterdrop:administrator-bucket to ${ADMIN}`);
  });

  test('a bucket that could be made public, and one that may be read by plain HTTP', async () => {
    const { Policy } = await installed.s3.send(new GetBucketPolicyCommand({ Bucket: USERS }));
    await installed.s3.send(new DeleteBucketPolicyCommand({ Bucket: USERS }));
    await installed.s3.send(new DeletePublicAccessBlockCommand({ Bucket: USERS }));
    onTestFinished(async () => {
      await installed.s3.send(new PutBucketPolicyCommand({ Bucket: USERS, Policy }));
      await installed.s3.send(
        new PutPublicAccessBlockCommand({
          Bucket: USERS,
          PublicAccessBlockConfiguration: { BlockPublicPolicy: true, RestrictPublicBuckets: true },
        }),
      );
    });
    const found = await wrong();
    const { code } = await installed.doctor();
    expect(found.map(({ level, what }) => `${level} ${what}`)).toEqual([
      `warn nothing keeps ${USERS} from being made public`,
      `warn ${USERS} may be read and written without encryption on the way`,
    ]);
    expect(code).toBe(0);
  });

  test('dead letters, shown harmlessly and left where they are', async () => {
    const QueueUrl = installed.queueUrl('dead-letters');
    const body = `{"kind":"cluster"}\u001b[2J${'x'.repeat(1000)}`;
    await installed.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: body }));
    onTestFinished(async () => void (await installed.sqs.send(new PurgeQueueCommand({ QueueUrl }))));
    const found = await planted();
    const { Messages = [] } = await installed.sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    expect(found).toMatchObject({
      check: 'dead letters',
      level: 'fail',
      what: '1 message could not be followed up',
    });
    expect(found.fix).toContain('  {"kind":"cluster"}\\u001b[2Jxxx');
    expect(found.fix).not.toContain('\u001b');
    expect(found.fix).toContain(
      `aws sqs start-message-move-task --source-arn arn:aws:sqs:${REGION}:123456789012:clusterdrop-dead-letters`,
    );
    expect(Messages).toHaveLength(1);
  });

  test('a queue that nobody takes anything out of', async () => {
    const FunctionName = 'clusterdrop-reconcile';
    const { EventSourceMappings: [mapping] = [] } = await installed.lambda.send(
      new ListEventSourceMappingsCommand({ FunctionName }),
    );
    const set = (Enabled: boolean) =>
      installed.lambda.send(new UpdateEventSourceMappingCommand({ UUID: mapping?.UUID, Enabled }));
    await set(false);
    onTestFinished(async () => {
      await set(true);
    });
    const found = await planted();
    expect(found).toMatchObject({ check: 'functions', level: 'fail' });
    expect(found.what).toContain('takes nothing out of the queue');
    expect(found.fix).toContain(`aws lambda update-event-source-mapping --uuid ${mapping?.UUID} --enabled`);
  });

  test('an alarm that rings', async () => {
    const set = (StateValue: 'OK' | 'ALARM') =>
      installed.cloudWatch.send(
        new SetAlarmStateCommand({
          AlarmName: 'clusterdrop-dead-letters',
          StateValue,
          StateReason: 'one datapoint was greater than the threshold',
        }),
      );
    await set('ALARM');
    onTestFinished(async () => {
      await set('OK');
    });
    const found = await planted();
    expect(found).toMatchObject({ check: 'alarms', level: 'fail' });
    expect(found.what).toMatch(/^clusterdrop-dead-letters rings since .* UTC: one datapoint/);
    expect(found.fix).toContain('Messages were put aside.');
  });

  test('mail from an address that nobody has verified, and from one that SES never heard of', async () => {
    await installed.ses.send(new CreateEmailIdentityCommand({ EmailIdentity: 'clusterdrop@example.org' }));
    const senderOf = async (from: string) => {
      let found: Finding | undefined;
      await installed.withInstallation(
        ({ aws }) => (aws.mail = { region: REGION, from }),
        async () => {
          found = (await wrong()).find(({ check }) => check === 'mail sender');
        },
      );
      return found;
    };
    expect(await senderOf('clusterdrop@example.org')).toMatchObject({
      level: 'fail',
      what: `clusterdrop@example.org is not verified in ${REGION}: no letter is sent`,
    });
    expect(await senderOf('admin@example.org')).toMatchObject({
      level: 'fail',
      what: `SES in ${REGION} does not know admin@example.org: no letter is sent`,
    });
  });

  test('a default blueprint that is not offered, and that nobody may use', async () => {
    await installed.withInstallation(
      (document) => (document.defaultBlueprint = 'gone'),
      async () => {
        const found = await wrong();
        expect(found.map(({ level, check, what }) => `${level} ${check}: ${what}`)).toEqual([
          'fail blueprints: "gone", the one of a request that names none, is not offered; there is small',
          'fail limits: "gone", the blueprint of a request that names none, is not among those that users may use (small)',
        ]);
      },
    );
  });

  test('limits that cannot be read', async () => {
    const before = await installed.getAdmin('limits/default.json');
    await installed.putAdmin('limits/default.json', '{"version": 1, "nodes": "many"}');
    onTestFinished(async () => {
      await installed.putAdmin('limits/default.json', before);
    });
    const found = await wrong();
    expect(found).toEqual([
      expect.objectContaining({ check: 'limits', level: 'fail', what: expect.stringContaining('nodes') }),
    ]);
  });

  test('a missing execution role, a missing queue, a missing subnet', async () => {
    await installed.withInstallation(
      (document) => {
        document.aws.executionRole = 'arn:aws:iam::123456789012:role/clusterdrop/clusterdrop/control/gone';
        document.aws.queueUrl += '-gone';
        document.network.subnets.push('subnet-00000000');
      },
      async () => {
        const found = await wrong();
        expect(found.map(({ check, level }) => `${level} ${check}`)).toEqual([
          'fail queue',
          'fail rules',
          'fail rules',
          'fail functions',
          'fail roles',
          'fail network',
        ]);
        expect(found[4]?.what).toBe(
          'the execution role gone is missing: no cluster can start, and none can end',
        );
        expect(found[5]?.what).toContain('subnet-00000000 does not exist in eu-west-2');
      },
    );
  });

  test('a type that the region has in no zone, or not in the zones of the network', async () => {
    const found = await planted('--type', 'zz9.large');
    expect(found).toMatchObject({ check: 'network', level: 'warn', what: `${REGION} has no zz9.large` });
  });

  test('prices that nobody has fetched for a month', async () => {
    installed.at(31 * DAY);
    onTestFinished(() => installed.at(0));
    const found = (await wrong()).filter(({ check }) => check === 'prices');
    expect(found).toEqual([expect.objectContaining({ level: 'warn' })]);
    expect(found[0]?.fix).toContain('aws lambda invoke --function-name clusterdrop-prices');
  });

  test('somebody with a folder and no profile', async () => {
    const where = { Bucket: USERS, Key: 'home/bob/x.cf-create' };
    await installed.s3.send(new PutObjectCommand({ ...where, Body: '{}' }));
    onTestFinished(async () => {
      await installed.s3.send(new DeleteObjectCommand(where));
    });
    const found = await planted();
    expect(found).toMatchObject({
      check: 'users',
      level: 'warn',
      what: 'bob has a folder but no profile, and starts nothing',
    });
  });

  test('a bucket that is no installation', async () => {
    const { code, err } = await installed.cli('admin', 'doctor', '--store', 's3://nobody-has-this-bucket');
    expect(code).toBe(2);
    expect(err).toContain('there is no bucket nobody-has-this-bucket');
  });
});

import {
  CreateBucketCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientConfig, s3Config } from '../../../src/aws/access.ts';
import { describeOnMoto } from '../../emulator/moto.ts';
import { ACCOUNT, ADMIN, type EmulatedAccount, openAccount, REGION } from './account-fixture.ts';

const READ = {
  Sid: 'Partners',
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
  Action: 's3:GetObject',
  Resource: 'arn:aws:s3:::lab-data/*',
};

describeOnMoto(
  'buckets that are there already',
  () => {
    let account: EmulatedAccount;
    beforeAll(async () => {
      account = await openAccount();
    }, 60_000);
    afterAll(() => account.close());

    it('are taken with all that others have set on them, and given back with all that others set meanwhile', async () => {
      const { s3 } = account;
      const Bucket = 'lab-data';
      await makeBucket(Bucket);
      await makeBucket('bare-data');
      const QueueArn = await makeQueue();
      const queues = {
        QueueConfigurations: [{ Id: 'theirs', QueueArn, Events: ['s3:ObjectRemoved:*' as const] }],
      };
      await s3.send(
        new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration: queues }),
      );
      const TagSet = [{ Key: 'owner', Value: 'the lab' }];
      await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
      const before = { Version: '2012-10-17', Statement: [READ] };
      await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify(before) }));

      const existing = ['--existing-bucket', Bucket, '--existing-bucket', 'bare-data'];
      const dry = await account.deploy(...existing, '--dry-run');
      expect(dry.out).toContain('~ bucket lab-data (yours)');
      expect(dry.out).toContain('    + gets the statement ClusterdropTlsOnly');
      expect(dry.out).toContain('    ! public access is not blocked');
      const deployed = await account.deploy(...existing);
      expect(deployed, deployed.err).toMatchObject({ code: 0 });
      expect(await account.buckets()).toEqual(expect.arrayContaining(['bare-data', ADMIN, Bucket]));
      expect(await account.json(ADMIN, 'installation.json')).toMatchObject({
        bucket: Bucket,
        aws: { buckets: [Bucket, 'bare-data'] },
      });
      for (const one of [Bucket, 'bare-data'])
        expect(await s3.send(new GetBucketVersioningCommand({ Bucket: one }))).toMatchObject({
          Status: 'Enabled',
        });
      expect(await notifications(Bucket)).toMatchObject({ ...queues, EventBridgeConfiguration: {} });
      expect(await tags(Bucket)).toEqual({ owner: 'the lab', 'clusterdrop:administrator-bucket': ADMIN });
      expect((await policy(Bucket)).map(({ Sid }) => Sid)).toEqual(['Partners', 'ClusterdropTlsOnly']);
      expect(await account.deploy()).toMatchObject({ out: 'Nothing to change.\n' });

      // Their owner goes on with their own affairs.
      const more = { ...READ, Sid: 'MorePartners' };
      await s3.send(
        new PutBucketPolicyCommand({
          Bucket,
          Policy: JSON.stringify({ ...before, Statement: [...(await policy(Bucket)), more] }),
        }),
      );
      await s3.send(
        new PutBucketTaggingCommand({
          Bucket,
          Tagging: {
            TagSet: [
              ...TagSet,
              { Key: 'new', Value: 'yes' },
              { Key: 'clusterdrop:administrator-bucket', Value: ADMIN },
            ],
          },
        }),
      );
      await s3.send(new PutObjectCommand({ Bucket, Key: 'home/alice/one.files/data', Body: 'precious' }));

      const down = await account.cli(['admin', 'destroy', '--yes']);
      expect(down, down.err).toMatchObject({ code: 0 });
      expect(await account.buckets()).toEqual(expect.arrayContaining(['bare-data', ADMIN, Bucket]));
      expect(await notifications(Bucket)).toEqual(expect.objectContaining(queues));
      expect(await notifications(Bucket)).not.toHaveProperty('EventBridgeConfiguration');
      expect(await tags(Bucket)).toEqual({ owner: 'the lab', new: 'yes' });
      expect(await policy(Bucket)).toEqual([READ, more]);
      await expect(s3.send(new GetBucketPolicyCommand({ Bucket: 'bare-data' }))).rejects.toThrow(/policy/);
      expect(await tags('bare-data')).toEqual({});
      expect(await account.keys(Bucket)).toEqual(['home/alice/one.files/data']);

      // Only what we made ourselves can be deleted.
      const end = await account.cli(['admin', 'destroy', '--delete-data'], [ADMIN]);
      expect(end, end.err).toMatchObject({ code: 0 });
      const left = await account.buckets();
      expect(left).toEqual(expect.arrayContaining(['bare-data', Bucket]));
      expect(left).not.toContain(ADMIN);
      expect(await account.keys(Bucket)).toEqual(['home/alice/one.files/data']);
    });

    describe('and cannot be used', () => {
      beforeAll(async () => {
        await makeBucket('far-away', 'us-east-1');
        await makeBucket('taken-data');
        await account.s3.send(
          new PutBucketTaggingCommand({
            Bucket: 'taken-data',
            Tagging: { TagSet: [{ Key: 'clusterdrop:administrator-bucket', Value: 'another-admin' }] },
          }),
        );
      }, 60_000);

      it.each<[string, string[], RegExp]>([
        [
          'in another region',
          ['--existing-bucket', 'far-away'],
          /far-away lies in us-east-1, not in eu-west-2/,
        ],
        ['nowhere', ['--existing-bucket', 'no-such-data'], /no-such-data is not there/],
        ['of another installation', ['--existing-bucket', 'taken-data'], /is another-admin/],
        ['as new ones', ['--bucket', 'taken-data', '--admin-bucket', 'taken-data'], /other|exists|another/],
      ])('%s', async (_, options, words) => {
        account.proxy.calls.length = 0;
        expect(await account.deploy(...options)).toMatchObject({
          code: 2,
          err: expect.stringMatching(words),
        });
        expect(account.writes()).toEqual([]);
      });
    });

    async function makeBucket(Bucket: string, region = REGION): Promise<void> {
      const s3 = new S3Client(s3Config(account.access, region));
      const where = region === 'us-east-1' ? {} : { LocationConstraint: 'eu-west-2' as const };
      await s3.send(
        new CreateBucketCommand({
          Bucket,
          ...(region === 'us-east-1' ? {} : { CreateBucketConfiguration: where }),
        }),
      );
    }

    async function makeQueue(): Promise<string> {
      const sqs = new SQSClient(clientConfig(account.access, REGION));
      await sqs.send(new CreateQueueCommand({ QueueName: 'theirs' }));
      return `arn:aws:sqs:${REGION}:${ACCOUNT}:theirs`;
    }

    async function notifications(Bucket: string): Promise<object> {
      return account.s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
    }

    async function tags(Bucket: string): Promise<Record<string, string>> {
      try {
        const { TagSet = [] } = await account.s3.send(new GetBucketTaggingCommand({ Bucket }));
        return Object.fromEntries(TagSet.map(({ Key = '', Value = '' }) => [Key, Value]));
      } catch {
        return {};
      }
    }

    async function policy(Bucket: string): Promise<{ Sid: string }[]> {
      const { Policy = '{}' } = await account.s3.send(new GetBucketPolicyCommand({ Bucket }));
      return (JSON.parse(Policy) as { Statement: { Sid: string }[] }).Statement;
    }
  },
  { timeout: 300_000 },
);

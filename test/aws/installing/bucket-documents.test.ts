import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  hasEventBridge,
  hasTlsStatement,
  tlsStatement,
  withEventBridge,
  withoutEventBridge,
  withoutTag,
  withoutTlsStatement,
  withTag,
  withTlsStatement,
} from '../../../src/aws/installing/bucket-documents.ts';

const statement = fc
  .record({
    Sid: fc.constantFrom('Read', 'Write', 'Other'),
    Effect: fc.constantFrom('Allow', 'Deny'),
    Principal: fc.constantFrom('*', { AWS: '123456789012' }),
    Action: fc.constantFrom('s3:GetObject', 's3:*', ['s3:PutObject']),
    Resource: fc.constant('arn:aws:s3:::data/*'),
  })
  .map((one) => one as Readonly<Record<string, unknown>>);
const policy = fc.record({
  Version: fc.constantFrom('2008-10-17', '2012-10-17'),
  Id: fc.constantFrom('one', 'two'),
  Statement: fc.array(statement, { minLength: 1, maxLength: 4 }),
});
const tags = fc.dictionary(fc.constantFrom('project', 'owner', 'aws:cloudformation:stack-name'), fc.string());
const notifications = fc.record(
  {
    TopicConfigurations: fc.array(fc.record({ TopicArn: fc.string(), Events: fc.array(fc.string()) })),
    QueueConfigurations: fc.array(fc.record({ QueueArn: fc.string(), Events: fc.array(fc.string()) })),
  },
  { requiredKeys: [] },
);
const ours = tlsStatement('aws', 'data');

describe("somebody else's settings outlive ours", () => {
  it('notifications', () => {
    fc.assert(
      fc.property(notifications, (before) => {
        const after = withEventBridge(before);
        expect(hasEventBridge(after)).toBe(true);
        expect(after).toMatchObject(before);
        expect(withoutEventBridge(after)).toEqual(before);
      }),
    );
  });

  it('tags', () => {
    fc.assert(
      fc.property(tags, (before) => {
        const after = withTag(before, 'admin-bucket');
        expect(after).toMatchObject(before);
        expect(withoutTag(after, 'admin-bucket')).toEqual(before);
        expect(withoutTag(after, 'somebody-else')).toEqual(after);
      }),
    );
  });

  it('a policy, with what others changed meanwhile', () => {
    fc.assert(
      fc.property(policy, statement, (before, added) => {
        const after = withTlsStatement(before, ours);
        expect(hasTlsStatement(after)).toBe(true);
        expect(withTlsStatement(after, ours)).toEqual(after);
        expect(withoutTlsStatement(after)).toEqual(before);
        const changed = { ...after, Statement: [...(after['Statement'] as unknown[]), added] };
        expect(withoutTlsStatement(changed)).toEqual({
          ...before,
          Statement: [...before.Statement, added],
        });
      }),
    );
  });

  it('no policy at all', () => {
    const after = withTlsStatement(undefined, ours);
    expect(after).toEqual({ Version: '2012-10-17', Statement: [ours] });
    expect(withoutTlsStatement(after)).toBeUndefined();
  });

  it('a single statement without a list around it', () => {
    const single = { Version: '2012-10-17', Statement: { Sid: 'Read', Effect: 'Allow' } };
    expect(withTlsStatement(single, ours)['Statement']).toEqual([single.Statement, ours]);
  });
});

test.each<[string, Readonly<Record<string, unknown>>, boolean]>([
  ['ours', ours, true],
  ['another name', { ...ours, Sid: 'HttpsOnly' }, true],
  ['as the console writes it', { ...ours, Principal: { AWS: '*' }, Action: '*' }, true],
  ['a truth value', { ...ours, Condition: { Bool: { 'aws:SecureTransport': false } } }, true],
  ['allows', { ...ours, Effect: 'Allow' }, false],
  ['some actions', { ...ours, Action: 's3:PutObject' }, false],
  ['some people', { ...ours, Principal: { AWS: '123456789012' } }, false],
  ['the wrong way round', { ...ours, Condition: { Bool: { 'aws:SecureTransport': 'true' } } }, false],
  ['another condition', { ...ours, Condition: { StringEquals: { 'aws:PrincipalTag/x': 'y' } } }, false],
  ['no condition', { ...ours, Condition: undefined }, false],
  ['a part of the bucket', { ...ours, Resource: 'arn:aws:s3:::data/public/*' }, false],
  ['only what is in it', { ...ours, Resource: ['arn:aws:s3:::data/*'] }, false],
  ['any bucket', { ...ours, Resource: '*' }, true],
])('forbids plain HTTP: %s', (_, one, expected) => {
  expect(hasTlsStatement({ Version: '2012-10-17', Statement: [one] })).toBe(expected);
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nudgeText, readMessage } from '../../src/aws/nudge-message.ts';
import { clusterAt } from '../../src/core/identity.ts';
import { objectCreated, stackChanged } from './events.ts';

describe('a message of the queue', () => {
  it('is some message, whatever it says', () => {
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      fc.json().map((detail) => `{"source":"aws.s3","detail":${detail}}`),
      fc.json().map((detail) => `{"source":"aws.cloudformation","detail":${detail}}`),
      fc.json().map((path) => `{"clusterdrop":"cluster","bucket":"b","path":${path}}`),
    );
    fc.assert(
      fc.property(text, (body) => {
        expect(['nudge', 'stack', 'nothing', 'unreadable']).toContain(readMessage(body).kind);
      }),
    );
  });

  it.each([
    { kind: 'cluster', cluster: clusterAt('users', 'home/alice/project x/my-cluster') },
    { kind: 'misdrop', bucket: 'users', file: { key: 'home/alice/a b+c%20.cf-create', version: 'v.1_x' } },
    { kind: 'mail', user: 'alice+x@example.org' },
  ] as const)('of ours names what it was made of: $kind', (nudge) => {
    expect(readMessage(nudgeText(nudge))).toEqual({ kind: 'nudge', nudge });
  });

  it('of ours holds only what SQS takes, and how many looks led to it', () => {
    for (const name of ['\uffff', '\ufffe', 'grün', '\u{1f4a7}', '\u007f']) {
      const file = { key: `home/alice/${name}.cf-create`, version: 'v' };
      const nudge = { kind: 'misdrop', bucket: 'users', file } as const;
      expect(nudgeText(nudge, 3)).toMatch(/^[ -~]+$/);
      expect(readMessage(nudgeText(nudge, 3))).toEqual({ kind: 'nudge', nudge, looks: 3 });
    }
  });

  it('of S3 names the cluster; the key is taken as it stands, for EventBridge does not encode it', () => {
    for (const folder of ['two words', 'a+b', '100%', '%2F'])
      expect(readMessage(objectCreated('users', `home/alice/${folder}/x.cf-delete`))).toEqual({
        kind: 'nudge',
        nudge: { kind: 'cluster', cluster: clusterAt('users', `home/alice/${folder}/x`) },
      });
  });

  it('of S3 names a near miss with its version', () => {
    expect(readMessage(objectCreated('users', 'home/alice/x.cf-create.txt', 'v7'))).toEqual({
      kind: 'nudge',
      nudge: {
        kind: 'misdrop',
        bucket: 'users',
        file: { key: 'home/alice/x.cf-create.txt', version: 'v7' },
      },
    });
  });

  it.each([
    'home/alice/x.cf-status',
    'home/alice/data.csv',
    'other/x.cf-create',
    'home/alice/x.files/y.cf-create',
  ])('of S3 about %s is none of our business', (key) => {
    expect(readMessage(objectCreated('users', key))).toEqual({ kind: 'nothing' });
  });

  it('of CloudFormation names the stack, in every partition', () => {
    for (const partition of ['aws', 'aws-cn', 'aws-us-gov']) {
      const id = `arn:${partition}:cloudformation:eu-west-2:123456789012:stack/cd-x/0c1b`;
      expect(readMessage(stackChanged(id, 'CREATE_COMPLETE'))).toEqual({ kind: 'stack', id, name: 'cd-x' });
    }
  });

  it.each([
    ['a cluster outside of home', { clusterdrop: 'cluster', bucket: 'b', path: 'ledger/x' }],
    ['a user that is none', { clusterdrop: 'mail', user: '../x' }],
    ['a stack that is none', { source: 'aws.cloudformation', detail: { 'stack-id': 'cd-x' } }],
    ['an event of another service', { source: 'aws.ec2', detail: {} }],
  ])('that names %s is kept for people to see', (_, body) => {
    expect(readMessage(JSON.stringify(body)).kind).toBe('unreadable');
  });
});

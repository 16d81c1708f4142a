import { describe, expect, it } from 'vitest';
import { identityOfArn } from './caller-identity.ts';

describe('identityOfArn', () => {
  it.each([
    ['arn:aws:iam::123456789012:user/alice', 'user', 'alice'],
    ['arn:aws:iam::123456789012:user/physics/staff/alice', 'user', 'alice'],
    ['arn:aws-cn:iam::123456789012:user/alice', 'user', 'alice'],
    ['arn:aws-us-gov:iam::123456789012:user/a+b=c,d.e@f-g_h', 'user', 'a+b=c,d.e@f-g_h'],
    ['arn:aws:sts::123456789012:assumed-role/Researchers/alice@example.org', 'session', 'alice@example.org'],
    [
      'arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Users_0123456789abcdef/alice',
      'session',
      'alice',
    ],
    ['arn:aws:sts::123456789012:federated-user/alice', 'session', 'alice'],
    ['arn:aws:iam::123456789012:root', 'root', undefined],
    ['arn:aws:iam::123456789012:user/', 'unknown', undefined],
    ['arn:aws:sts::123456789012:assumed-role/Researchers', 'unknown', undefined],
    ['arn:aws:iam::123456789012:role/Researchers', 'unknown', undefined],
    ['alice', 'unknown', undefined],
    ['', 'unknown', undefined],
  ])('%s', (arn, kind, name) => {
    expect(identityOfArn(arn)).toEqual({ arn, kind, ...(name !== undefined && { name }) });
  });
});

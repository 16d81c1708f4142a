import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loginAccountOf } from './login-account.ts';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+=,.@-';
/** Names as IAM allows them, and names that lie close together. */
const anyUser = fc.oneof(
  fc.string({ unit: fc.constantFrom(...ALPHABET.split('')), minLength: 1, maxLength: 64 }),
  fc.string({ unit: fc.constantFrom('a', 'A', '-', '.', '@', '1'), minLength: 1, maxLength: 5 }),
  fc.constantFrom('root', 'alice', 'Alice', 'alice-', '-alice', 'a'.repeat(32), 'a'.repeat(33)),
);

describe('loginAccountOf', () => {
  it.each(['alice', 'bob-2', 'a', '_'.padStart(2, 'x'), 'a'.repeat(32), 'deadbeef-0123'])(
    '%s stays',
    (user) => {
      expect(loginAccountOf(user)).toBe(user);
    },
  );

  // Exact, since a change would give people another account on their next cluster.
  it.each([
    ['Alice.Smith@example.org', 'alice-smith-exa-323a0b3201812e2f'],
    ['root', 'root-4813494d137e1631'],
    ['systemd-network', 'systemd-network-c2164d8bfd81370b'],
    ['_apt', 'apt-0c75b1b4d4d15c27'],
    ['www-data', 'www-data-81f4496c4a42bf27'],
    ['admin', 'admin-8c6976e5b5410415'],
    ['12345', 'user-5994471abb01112a'],
    ['+=,.@', 'user-e10e2c12c2412898'],
    ['a'.repeat(33), 'aaaaaaaaaaaaaaa-852785c805c77e71'],
  ])('%s is mapped', (user, account) => {
    expect(loginAccountOf(user)).toBe(account);
  });

  it.each([
    'root',
    'daemon',
    'bin',
    'sys',
    'slurm',
    'munge',
    'admin',
    'debian',
    'ubuntu',
    'sshd',
    'nobody',
    'www-data',
    'sudo',
    'docker',
    'systemd-resolve',
    '_chrony',
    'ec2-user',
  ])('nobody becomes %s', (user) => {
    expect(loginAccountOf(user)).not.toBe(user);
  });

  it('hashes a name that looks as if it had been mapped', () => {
    const mapped = loginAccountOf('root');
    expect(loginAccountOf(mapped)).not.toBe(mapped);
  });

  it('gives everybody an account that Linux takes, and always the same', () => {
    fc.assert(
      fc.property(anyUser, (user) => {
        expect(loginAccountOf(user)).toMatch(/^[a-z_][a-z0-9_-]{0,31}$/);
        expect(loginAccountOf(user)).toBe(loginAccountOf(user));
      }),
    );
  });

  it('never gives two users one account', () => {
    fc.assert(
      fc.property(fc.uniqueArray(anyUser, { minLength: 2, maxLength: 50 }), (users) => {
        const all = users.flatMap((user) => [user, loginAccountOf(user)]);
        const distinct = [...new Set(all)];
        expect(new Set(distinct.map(loginAccountOf)).size).toBe(distinct.length);
      }),
    );
  });
});

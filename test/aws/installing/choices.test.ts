import { expect, test } from 'vitest';
import { isInstallationName } from '../../../src/aws/installing/account-place.ts';
import {
  type Choices,
  choose,
  DEFAULT_CHOICES,
  type GivenChoices,
} from '../../../src/aws/installing/choices.ts';
import { cidrOf } from '../../../src/aws/installing/cidr.ts';

const NEW = { ...DEFAULT_CHOICES, clustersRegion: 'eu-west-2', contact: 'your administrator' };

test.each<[string, GivenChoices, Partial<Choices>, object]>([
  ['nothing at all', {}, {}, NEW],
  ['a choice', { logDays: 30 }, {}, { ...NEW, logDays: 30 }],
  [
    'a choice of before',
    {},
    { logDays: 30, sshFrom: '192.0.2.0/24' },
    { ...NEW, logDays: 30, sshFrom: '192.0.2.0/24' },
  ],
  ['another one than before', { logDays: 7 }, { logDays: 30 }, { ...NEW, logDays: 7 }],
  ['an address that goes', { alarmEmail: null }, { alarmEmail: 'a@example.org' }, NEW],
  [
    'no contact, but an address',
    { adminEmail: 'admin@example.org' },
    {},
    { ...NEW, adminEmail: 'admin@example.org', contact: 'admin@example.org' },
  ],
  [
    'a contact that nobody chose follows the address',
    { adminEmail: 'new@example.org' },
    { adminEmail: 'old@example.org', contact: 'old@example.org' },
    { ...NEW, adminEmail: 'new@example.org', contact: 'new@example.org' },
  ],
  [
    'a contact that somebody chose does not',
    { adminEmail: 'new@example.org' },
    { adminEmail: 'old@example.org', contact: 'Bob' },
    { ...NEW, adminEmail: 'new@example.org', contact: 'Bob' },
  ],
  [
    'mail from the region of the buckets',
    { mailFrom: 'm@example.org' },
    {},
    { ...NEW, mail: { from: 'm@example.org', region: 'eu-west-2' } },
  ],
  [
    'another address, from where mail went before',
    { mailFrom: 'm@example.org' },
    { mail: { from: 'old@example.org', region: 'eu-west-1' } },
    { ...NEW, mail: { from: 'm@example.org', region: 'eu-west-1' } },
  ],
  [
    'another region of mail',
    { mailRegion: 'us-east-1' },
    { mail: { from: 'm@example.org', region: 'eu-west-1' } },
    { ...NEW, mail: { from: 'm@example.org', region: 'us-east-1' } },
  ],
  ['no mail any more', { mailFrom: null }, { mail: { from: 'm@example.org', region: 'eu-west-1' } }, NEW],
  ['a region of mail without an address', { mailRegion: 'us-east-1' }, {}, NEW],
])('chosen: %s', (_, given, before, expected) => {
  expect(choose(given, before, 'eu-west-2')).toEqual(expected);
});

test.each<[string, string | undefined]>([
  ['192.0.2.0/24', '192.0.2.0/24'],
  ['192.0.2.7', '192.0.2.7/32'],
  [' 10.0.0.0/8 ', '10.0.0.0/8'],
  ['0.0.0.0/0', '0.0.0.0/0'],
  ['255.255.255.255/32', '255.255.255.255/32'],
  ['192.0.2.7/24', undefined],
  ['192.0.2.0/33', undefined],
  ['192.0.2.256', undefined],
  ['2001:db8::/32', undefined],
  ['anywhere', undefined],
  ['', undefined],
])('range of addresses: %s', (text, expected) => {
  expect(cidrOf(text)?.text).toBe(expected);
});

test.each<[string, boolean]>([
  ['clusterdrop', true],
  ['a', true],
  ['hpc-2', true],
  ['x'.repeat(20), true],
  ['x'.repeat(21), false],
  ['control', false],
  ['control-x', false],
  ['controller', false],
  ['2hpc', false],
  ['Hpc', false],
  ['hpc-', false],
  ['', false],
])('name of an installation: %s', (name, expected) => {
  expect(isInstallationName(name)).toBe(expected);
});

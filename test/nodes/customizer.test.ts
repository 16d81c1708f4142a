import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { shippedCustomizer } from '../../src/shipped/shipped-customizer.ts';
import { HostFolder } from './host-folder.ts';

const KEY = 'ssh-ed25519 AAAA alice@laptop';
const KEYS = 'home/alice/.ssh/authorized_keys';
const PROFILE = 'var/lib/clusterdrop/customizer/alice/';

let host: HostFolder;
beforeEach(() => {
  host = new HostFolder();
  // The login account is whoever runs this test, with a home of its own.
  host.command('getent', `echo "x:x:0:0::${host.path('home/alice')}:/bin/bash"`);
  host.write(KEYS, 'the cluster’s own\n');
  for (const { key, body } of shippedCustomizer())
    host.write(key.replace(/^default\//, PROFILE), Buffer.from(body).toString());
});
afterEach(() => host.remove());

const run = () => host.run('bash "$LIB/run-profile"');
const edit = () => {
  const file = `${PROFILE}configure.d/user.sh`;
  const text = host.read(file).replace('user=""', `user="${userInfo().username}"`);
  host.write(file, text.replace('key=""', `key="${KEY}"`));
};

it('names all its scripts in the manifest', () => {
  const names = shippedCustomizer().map(({ key }) => key.replace('default/', ''));
  const manifest = host.read(`${PROFILE}manifest.txt`).trim().split('\n');
  expect(manifest.toSorted()).toEqual(names.filter((name) => name !== 'manifest.txt').toSorted());
});

it('changes nothing as it is shipped, and fails nowhere', () => {
  expect(run()).toMatchObject({ code: 0, err: '' });
  expect(host.read(KEYS)).toBe('the cluster’s own\n');
  expect(host.has('home/.clusterdrop/notices')).toBe(false);
});

// As the old quick start guide has it: copy the files, put user and key into user.sh.
it('lets in the key that was written into user.sh', () => {
  edit();
  expect(run()).toMatchObject({ code: 0, err: '' });
  expect(readFileSync(host.path('var/log/clusterdrop/profile.log'), 'utf8')).not.toContain('failed');
  expect(host.read(KEYS)).toBe(`the cluster’s own\n${KEY}\n`);
});

it('adds the key once, and on the login host alone', () => {
  edit();
  host.set({ ROLE: 'slave', NODE: 'node-1' });
  run();
  expect(host.read(KEYS)).toBe('the cluster’s own\n');
  host.set({});
  for (let times = 0; times < 2; times++)
    host.run(`bash ${host.path(PROFILE, 'configure.d/user.sh')} configure master mycluster`);
  expect(host.read(KEYS)).toBe(`the cluster’s own\n${KEY}\n`);
});

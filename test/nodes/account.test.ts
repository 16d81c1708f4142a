import { readdirSync, statSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HostFolder, isRoot } from './host-folder.ts';

let host: HostFolder;
beforeEach(() => {
  host = new HostFolder();
  host.command('id', 'echo 2000');
  host.write('etc/sudoers.d/README', '');
  host.write('etc/skel/.bashrc', '# the system’s\n');
});
afterEach(() => host.remove());

const step = () => host.run('set -e; . "$LIB/steps/30-account"');

// Once, `.ssh` was there before what belongs in it, and said for ever that it was complete.
describe.runIf(isRoot)('a home that was cut off while it was made', () => {
  it.each(['ssh-keygen', 'chown'])('by %s is completed by the next boot', (cut) => {
    host.command(cut, 'exit 1');
    expect(step().code).not.toBe(0);
    host.withoutCommand(cut);
    expect(step()).toMatchObject({ code: 0 });

    expect(readdirSync(host.path('home/alice')).toSorted()).toEqual(['.bashrc', '.ssh', 'files']);
    expect(readdirSync(host.path('home/alice/.ssh')).toSorted()).toEqual([
      'authorized_keys',
      'id_ed25519',
      'id_ed25519.pub',
    ]);
    for (const name of ['.bashrc', '.ssh', '.ssh/id_ed25519', '.ssh/authorized_keys'])
      expect([name, statSync(host.path('home/alice', name)).uid]).toEqual([name, 2000]);
    expect(host.read('home/alice/.bashrc').match(/prompt\.sh \]/g)).toHaveLength(1);
  });

  it('is left alone from then on', () => {
    step();
    host.write('home/alice/.ssh/authorized_keys', 'mine\n');
    expect(step()).toMatchObject({ code: 0 });
    expect(host.read('home/alice/.ssh/authorized_keys')).toBe('mine\n');
  });
});

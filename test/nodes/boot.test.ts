import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HostFolder } from './host-folder.ts';

let host: HostFolder;
beforeEach(() => {
  host = new HostFolder();
});
afterEach(() => host.remove());

const LISTENS = '   0: 00000000:0016 00000000:0000 0A 00000000:00000000\n';
/** A place that starts nothing and prints what it is told; and time passes at once. */
const place = () => {
  const uptime = host.path('proc/uptime');
  return `sleep() { local up; read -r up _ <${uptime}; echo "$((\${up%.*} + 1)).00 0" >${uptime}; }
          place_daemon() { echo "daemon $1"; }; place_tell_boot() { echo "boot $*"; }`;
};

describe('the step "ready"', () => {
  const step = () => host.run(`${place()}; set -e; . "$LIB/steps/90-ready"`);
  beforeEach(() => {
    host.command('scontrol', '');
    host.write('proc/uptime', '1000.00 4000.00\n');
    host.write('proc/net/tcp', LISTENS);
    host.write('proc/net/tcp6', '');
    host.write('etc/ssh/ssh_host_ed25519_key.pub', 'ssh-ed25519 AAAA mycluster\n');
  });

  it('says that the host is ready', () => {
    expect(step()).toMatchObject({ code: 0, out: 'daemon tend\nboot ready ssh-ed25519 AAAA\n' });
  });

  it('fails with the last words of Slurm and munge where Slurm does not answer, and lets tend wait for it', () => {
    host.command('scontrol', 'echo "Slurmctld(primary) at login is DOWN"; exit 1');
    host.write('var/log/clusterdrop/slurmctld.log', 'fatal: no state\n');
    host.write('var/log/clusterdrop/munged.out', 'munged: Error: keyfile is insecure\n');
    const { code, out } = step();
    expect(code).toBe(1);
    expect(out).toContain('daemon tend\nSlurmctld(primary) at login is DOWN\n');
    expect(out).toContain('slurmctld.log ends with\nfatal: no state\n');
    expect(out).toContain('munged.out ends with\nmunged: Error: keyfile is insecure\n');
    expect(out).not.toContain('boot ready');
  });

  // A profile can break the configuration of sshd. That was waited for without end.
  it('fails with the last words of sshd where that does not listen', () => {
    host.write('proc/net/tcp', LISTENS.replace(':0016', ':0017'));
    host.write('var/log/clusterdrop/sshd.log', 'terminating, 1 bad configuration options\n');
    const { code, out } = step();
    expect(code).toBe(1);
    expect(out).toContain('sshd.log ends with\nterminating, 1 bad configuration options\n');
    expect(out).not.toContain('boot ready');
  });
});

it('of a compute host that fails tells its last line, and leaves more of them where they outlive it', () => {
  const lib = 'usr/local/lib/clusterdrop';
  rmSync(host.path(lib, 'steps'), { recursive: true });
  host.write(`${lib}/steps/10-broken`, 'echo begins; echo no disk; exit 3');
  host.write(`${lib}/place/none`, 'place_begin() { :; }; place_stay() { :; }; place_tell_boot() { cat; }');
  host.set({ ROLE: 'slave', NODE: 'node-3', PLACE: 'none' });
  expect(host.run('bash "$LIB/boot"')).toMatchObject({ code: 0, err: '' });
  expect(host.read('home/.clusterdrop/notices/node-3.boot')).toMatch(
    /^node-3 could not start: step broken failed, exit code 3\. Its last line: no disk \(more: sudo cat /,
  );
  expect(host.read('home/.clusterdrop/last-words/node-3')).toContain('begins\nno disk\n');
});

describe('a compute host that Slurm does not take', () => {
  beforeEach(() => {
    host.set({ ROLE: 'slave', NODE: 'node-3' });
    host.command('scontrol', 'echo "NodeName=node-3 State=IDLE+CLOUD+POWERING_UP"');
  });
  const step = (taken: string) =>
    host.run(
      `${place()}; place_await_start() { :; }; PLACE_MPI_PARAMETERS=''
       place_see_taken() { ${taken}; }; set -e; . "$LIB/steps/60-slurm"; wait`,
    );

  it('tells the last words of its slurmd, and leaves more of them where they outlive it', () => {
    const log = 'begins\nslurmd: fatal: no plugin\n== slurmd ended with exit code 1 and is started again\n';
    host.write('var/log/clusterdrop/slurmd.out', log);
    expect(step('false')).toMatchObject({ code: 0, err: '' });
    expect(host.read('home/.clusterdrop/notices/node-3.slurmd')).toMatch(
      /^node-3 .* It said last: slurmd: fatal: no plugin \(more: sudo cat .*\/last-words\/node-3\)\n$/,
    );
    expect(host.read('home/.clusterdrop/last-words/node-3')).toBe(log);
  });

  it('tells that its slurmd ends, where that says nothing', () => {
    host.write('var/log/clusterdrop/slurmd.out', '== slurmd ended with exit code 1 and is started again\n');
    step('false');
    expect(host.read('home/.clusterdrop/notices/node-3.slurmd')).toContain(
      'It said last: == slurmd ended with exit code 1 and is started again (more',
    );
  });

  it('takes it back once it is taken', () => {
    host.write('home/.clusterdrop/notices/node-3.slurmd', 'no\n');
    expect(step('true')).toMatchObject({ code: 0, err: '' });
    expect(host.has('home/.clusterdrop/notices/node-3.slurmd')).toBe(false);
  });
});

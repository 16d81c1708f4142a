import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HostFolder, isRoot } from './host-folder.ts';

let host: HostFolder;
beforeEach(() => {
  host = new HostFolder();
  host.command('squeue', '');
  host.command('scontrol', '');
  host.write('proc/uptime', '5000.12 1\n');
  host.write('proc/net/tcp', '');
  host.write('proc/net/tcp6', '');
});
afterEach(() => host.remove());

/** `tend` without its loop; the clock stands at `clock`. */
const tend = (script: string) =>
  host.run(`clock=1000000
printf() { if [ "\${3:-}" = '%(%s)T' ]; then eval "$2=$clock"; else builtin printf "$@"; fi; }
for part in slurm/kept-nodes tend-nodes tend-report tend-logs; do . "$LIB/$part"; done
place_hand_over_report() { echo "$1"; }
uptime_is() { echo "$1.00 1" >${host.path('proc/uptime')}; }
${script}`);

describe('the report', () => {
  it('comes at most once a minute, however the clock is set meanwhile', () => {
    const { out } = tend(`STATE=([node-1]=idle+cloud); report
uptime_is 5059; STATE=([node-1]=allocated+cloud); report
uptime_is 5061; clock=900000; report
uptime_is 5200; report
uptime_is 5300; report`);
    const reports = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(reports.map(({ at, nodes }) => [at, nodes.working])).toEqual([
      ['1970-01-12T13:46:40Z', 0],
      ['1970-01-11T10:00:00Z', 1],
      ['1970-01-11T10:00:00Z', 1],
    ]);
  });

  describe.runIf(isRoot)('of who is logged in', () => {
    const children: ChildProcess[] = [];
    afterEach(() => {
      for (const child of children.splice(0)) child.kill('SIGKILL');
    });

    it('counts sessions by the name that they have before and since OpenSSH 9.8', async () => {
      chmodSync(host.dir, 0o755);
      host.write('proc/net/tcp', '   0: 0200007F:0016 0100007F:8D2C 01 00000000:00000000\n');
      const before = Number(tend('count_sessions; echo "$sessions"').out);
      for (const name of ['sshd', 'sshd-session', 'sshd-sessions']) {
        copyFileSync('/bin/sleep', host.path(name));
        const child = spawn(host.path(name), ['60'], { uid: 2000, gid: 2000, stdio: 'ignore' });
        children.push(child);
        await once(child, 'spawn');
      }
      expect(Number(tend('count_sessions; echo "$sessions"').out)).toBe(before + 2);
    });
  });
});

describe('logs', () => {
  it('that have grown too long are cut to their end, once an hour; a login afterwards is still seen', () => {
    host.write('var/log/clusterdrop/sshd.log', `${'x'.repeat(300)}the end`);
    host.write('var/log/clusterdrop/short.out', 'short');
    const { out, err } = tend(`STATE=() MOST_LOG=200 KEPT_LOG=7 fill='' disk=''
shorten_logs; stat -c %s "$LOGS/sshd.log"
SECONDS=3600
report >/dev/null
shorten_logs; stat -c %s "$LOGS/sshd.log"
clock=2000000
echo 'Accepted publickey for alice' >>"$LOGS/sshd.log"
report >/dev/null; echo "$last_use"`);
    expect(err).toBe('');
    expect(out).toBe('307\n0\n2000000\n');
    expect(host.read('var/log/clusterdrop/sshd.log.1')).toBe('the end');
    expect(host.has('var/log/clusterdrop/short.out.1')).toBe(false);
  });
});

describe('a node that does not come', () => {
  const late = () =>
    tend('COMING[node-1]=-100 STATE=([node-1]=idle+cloud+powering_up) REASON=(); mend_nodes');
  const notice = 'home/.clusterdrop/notices/login.node-1';

  it('is told of, with the usual cause', () => {
    expect(late()).toMatchObject({ code: 0, err: '' });
    expect(host.read(notice)).toMatch(
      /^node-1 has been starting since \d\d:\d\d UTC: scripts of the customizer/,
    );
  });

  it.each(['boot', 'slurmd'])(
    'is told of without a guess where it has told itself what is wrong (%s)',
    (what) => {
      host.write(`home/.clusterdrop/notices/node-1.${what}`, 'this is wrong\n');
      late();
      expect(host.read(notice)).toMatch(/^node-1 has been starting since \d\d:\d\d UTC\n$/);
    },
  );

  it('is told of no more when it is there', () => {
    late();
    host.write('home/.clusterdrop/notices/node-1.slurmd', 'this was wrong\n');
    tend('STATE=([node-1]=idle+cloud) REASON=(); mend_nodes');
    expect(host.has(notice)).toBe(false);
    expect(host.has('home/.clusterdrop/notices/node-1.slurmd')).toBe(false);
  });
});

import { statSync, utimesSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { until } from '../containers/until.ts';
import { HostFolder } from './host-folder.ts';

let host: HostFolder;
beforeEach(() => {
  host = new HostFolder();
});
afterEach(() => host.remove());

it('has a name for the address that daemons listen at, so that nobody asks a DNS that is not there', () => {
  host.write('etc/hosts', '127.0.0.1 localhost\n');
  for (let times = 0; times < 2; times++) expect(host.run('place_begin')).toMatchObject({ code: 0, err: '' });
  expect(host.read('etc/hosts')).toBe('127.0.0.1 localhost\n0.0.0.0 any-address\n');
});

it('keeps what it tells short, and a follower hears all that holds', async () => {
  const say = (kind: string, line: string) => host.run(`MOST_EVENTS=60; place_say ${kind} '${line}'`);
  say('boot', 'boot ready ssh-ed25519 AAAA');
  const follower = host.begin('"$LIB/follow"');
  let heard = '';
  follower.stdout?.on('data', (text) => {
    heard += String(text);
  });
  try {
    await until('the present state is heard', () => heard.includes('boot ready'));
    for (let number = 1; number <= 12; number++) {
      say('nodes', `nodes node-${number}`);
      await until(`node-${number} is heard`, () => heard.includes(`nodes node-${number}\n`));
      expect(statSync(host.path('run/clusterdrop/events')).size).toBeLessThan(120);
    }
    // Begun anew it told the whole state again, in whole lines.
    expect(
      new Set(
        heard
          .trim()
          .split('\n')
          .map((line) => line.replace(/\d+$/, 'N')),
      ),
    ).toEqual(new Set(['boot ready ssh-ed25519 AAAA', 'nodes node-N']));
    expect(heard.match(/boot ready/g)?.length).toBeGreaterThan(1);
  } finally {
    follower.kill('SIGKILL');
  }
});

it('tells a follower no report that is of the past', async () => {
  const report = 'report {"sessions":0}';
  const hear = async () => {
    const follower = host.begin('"$LIB/follow"');
    let heard = '';
    follower.stdout?.on('data', (text) => {
      heard += String(text);
    });
    try {
      await until('what comes now is heard', () => {
        host.run('place_say boot "boot step now"');
        return heard.includes('step now');
      });
    } finally {
      follower.kill('SIGKILL');
    }
    return heard;
  };
  host.run(`place_say report '${report}'`);
  expect(await hear()).toContain(report);
  const past = new Date(Date.now() - 6 * 60_000);
  utimesSync(host.path('run/clusterdrop/state/report'), past, past);
  expect(await hear()).not.toContain(report);
});

it('ends a daemon that does not listen', () => {
  // Twenty seconds pass at once, and then those that a killed process takes to go.
  const { code, out } = host.run(`
    sleep() { [ "$i" -lt 1000 ] || command sleep "$1"; }
    bash -c 'trap "" TERM; echo deaf; read -r -t 60 <><(:)' >"$LOGS/deaf" &
    deaf=$!
    echo "$deaf" >"$RUN/daemons/deaf"
    until [ -s "$LOGS/deaf" ]; do :; done
    place_restart_daemon deaf && echo gone
    wait "$deaf"; echo $?`);
  expect({ code, out }).toEqual({ code: 0, out: 'gone\n137\n' });
});

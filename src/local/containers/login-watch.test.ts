import { PassThrough, Readable } from 'node:stream';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { soon } from '../../../test/soon.ts';
import type { ContainerEngine } from './container-engine.ts';
import { LoginWatch } from './login-watch.ts';

// The clock that a test moves does not know these by itself.
vi.mock('node:timers/promises', () => ({
  setTimeout: (ms: number) => new Promise((resolve) => setTimeout(resolve, ms)),
}));

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function hostThat(says: () => Iterable<string>, exitCode = 0): ContainerEngine {
  const open = async () => {
    const out = Readable.from(says(), { objectMode: false });
    return { out, err: Readable.from([]), ended: Promise.resolve(exitCode), close: () => out.destroy() };
  };
  return { open } as unknown as ContainerEngine;
}

/** Until nothing goes on before the clock does. */
async function untilItPauses(): Promise<void> {
  while (vi.getTimerCount() === 0) await new Promise((resolve) => setImmediate(resolve));
}

it('hears no more of a host that talks without end than it can bear', async () => {
  let heard = 0;
  const watch = new LoginWatch(() => heard++);
  const flood = function* () {
    // A fault is to end here too.
    for (let times = 0; times < 10; times++) yield 'nodes node-1\n'.repeat(1000);
  };
  await watch.begin(hostThat(flood), 'id', () => undefined);
  await untilItPauses();
  expect(heard).toBe(100);
  await vi.advanceTimersByTimeAsync(999);
  expect(heard).toBe(100);
  await vi.advanceTimersByTimeAsync(1);
  await untilItPauses();
  expect(heard).toBe(200);
  watch.end();
});

it('does not call again at once where somebody hangs up at once', async () => {
  let over = false;
  const watch = new LoginWatch(() => undefined);
  await watch.begin(
    hostThat(() => ['nodes\n']),
    'id',
    () => {
      over = true;
    },
  );
  await untilItPauses();
  await vi.advanceTimersByTimeAsync(1999);
  expect([watch.isOn('id'), over]).toEqual([true, false]);
  await vi.advanceTimersByTimeAsync(1);
  expect([watch.isOn('id'), over]).toEqual([false, true]);
});

it('listens anew to a host although the former call ends only then', async () => {
  const heard: string[] = [];
  const calls = [new PassThrough(), new PassThrough()];
  let made = 0;
  const open = async () => ({
    out: calls[made++],
    err: Readable.from([]),
    ended: Promise.resolve(0),
    close: () => undefined,
  });
  const engine = { open } as unknown as ContainerEngine;
  const watch = new LoginWatch((line) => heard.push(line.kind));

  await watch.begin(engine, 'id', () => undefined);
  watch.end();
  const over = new Promise<void>((resolve) => {
    void watch.begin(engine, 'id', resolve);
  });
  calls[0]?.end('boot step of the past\n');
  calls[1]?.write('nodes\n');
  await soon(() => expect(heard).toEqual(['nodes']));
  expect(watch.isOn('id')).toBe(true);
  watch.end();
  calls[1]?.end();
  await over;
});

it('knows why the engine can run no command there, until it hears something', async () => {
  const watch = new LoginWatch(() => undefined);
  const call = async (said: string, exitCode: number) => {
    await watch.begin(
      hostThat(() => [said], exitCode),
      'id',
      () => undefined,
    );
    await untilItPauses();
    await vi.advanceTimersByTimeAsync(2000);
  };
  await call('OCI runtime exec failed: out of order\r\n', 126);
  expect(watch.mute).toContain('(OCI runtime exec failed: out of order)');
  await call('follow: Permission denied\n', 126);
  expect(watch.mute).toContain('(follow: Permission denied)');
  await call('nodes\nkilled\n', 127);
  expect(watch.mute).toBeUndefined();
  await call('', 137);
  expect(watch.mute).toBeUndefined();
});

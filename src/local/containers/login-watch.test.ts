import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { ContainerEngine } from './container-engine.ts';
import { LoginWatch } from './login-watch.ts';

function hostThat(says: () => Iterable<string>): ContainerEngine {
  const open = async () => {
    const out = Readable.from(says(), { objectMode: false });
    return { out, err: Readable.from([]), ended: Promise.resolve(0), close: () => out.destroy() };
  };
  return { open } as unknown as ContainerEngine;
}

it('hears no more of a host that talks without end than it can bear', async () => {
  let heard = 0;
  const watch = new LoginWatch(() => heard++);
  const flood = function* () {
    for (;;) yield 'nodes node-1\n'.repeat(1000);
  };
  await watch.begin(hostThat(flood), 'id', () => undefined);
  await pause(300);
  watch.end();
  expect(heard).toBeGreaterThan(0);
  expect(heard).toBeLessThanOrEqual(100);
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
  await pause(200);
  expect([watch.isOn('id'), over]).toEqual([true, false]);
  watch.end();
});

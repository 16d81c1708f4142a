import { afterEach, expect, it, vi } from 'vitest';
import { type BuildParts, buildCluster } from './build-cluster.ts';
import { ENGINE_SILENCE } from './engine-patience.ts';
import { EngineTrouble } from './engine-trouble.ts';
import type { HostedStack } from './hosted-stack.ts';

// The pauses between two attempts take no time here.
vi.mock('node:timers/promises', () => ({ setTimeout: () => Promise.resolve() }));

afterEach(() => void vi.useRealTimers());

it('gives up a creation after two minutes with an engine that accepts each call and answers none', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const turns: { status: string; reason?: string }[] = [];
  let attempts = 0;
  const idFor = async () => {
    if (++attempts === 10) throw new Error('was tried for ever');
    vi.advanceTimersByTime(ENGINE_SILENCE);
    throw new EngineTrouble('gone', 'the container engine does not answer (nothing within 60 s)');
  };
  const parts = {
    hosting: { images: { idFor } },
    operation: {
      turn: async (turn: { status: string }) => void turns.push(turn),
      unlessStopped: async () => undefined,
    },
    signal: new AbortController().signal,
  } as unknown as BuildParts;
  await buildCluster(parts, { events: [], blueprint: { name: 'slurm' } } as unknown as HostedStack);
  expect(turns.map(({ status }) => status)).toContain('ROLLBACK_IN_PROGRESS');
  expect(turns.at(-2)?.reason).toContain('nothing within 60 s); it was waited for for 2 minutes');
  expect(attempts).toBeLessThanOrEqual(4);
});

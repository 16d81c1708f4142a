import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { soon } from '../../../test/soon.ts';
import { Caretaker } from './caretaker.ts';
import { HostImages } from './host-image.ts';
import { HostedBook } from './hosted-book.ts';
import type { HostedStack } from './hosted-stack.ts';
import type { Hosting } from './hosting.ts';
import { SoleCaretaker } from './sole-caretaker.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'caretaker-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** An engine without an image, which cannot be built; or with one, and with a host that belongs to nobody and goes when it is let go. */
function world({ builds = true } = {}) {
  const told: string[] = [];
  const seen: string[] = [];
  const removals: (() => void)[] = [];
  const engine = {
    images: {
      id: async () => (builds ? 'image' : undefined),
      build: async (_context: unknown, _options: unknown, hear: (said: string) => void) => {
        hear('Step 1/1 : RUN apt-get install slurmd\n');
        hear('E: Unable to locate package slurmd\n');
        throw new Error('the command returned a non-zero code: 100');
      },
    },
    hosts: async () => (builds ? [{ id: 'stray', labels: {} }] : []),
    removeHost: () => new Promise<void>((leave) => removals.push(leave)),
    networks: { list: async () => [] },
    volumes: { list: async () => [] },
    watchDeaths: (_labels: unknown, _died: unknown, signal: AbortSignal) =>
      new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve())),
  };
  const progress = (text: string) => void told.push(text);
  const book = new HostedBook(folder);
  const images = new HostImages({ engine: engine as never, installation: 'here', base: 'debian', progress });
  const hosting = {
    engine,
    book,
    images,
    progress,
    installation: 'here',
    clusterOf: ({ name }: HostedStack) => void seen.push(name),
  } as unknown as Hosting;
  const caretaker = new Caretaker(hosting, new SoleCaretaker(folder));
  return { told, seen, removals, book, caretaker };
}

it('says at once that the image cannot be built, why, and what comes of it', async () => {
  const { told, caretaker } = world({ builds: false });
  caretaker.tick();
  await soon(() => expect(told.at(-1)).toContain('The next request tries it again'));
  expect(told).toContain('Step 1/1 : RUN apt-get install slurmd');
  expect(told.join('\n')).toContain('could not be built: the command returned a non-zero code: 100');
  expect(told).toContain('E: Unable to locate package slurmd');
  await caretaker.stopped();
});

it('sees a new cluster while something that belongs to none does not go', async () => {
  const { seen, removals, book, caretaker } = world();
  caretaker.tick();
  await soon(() => expect(removals).toHaveLength(1));
  await book.add({ version: 1, id: 'arn:x/y/z', name: 'new', tokens: [], events: [] } as never);
  await soon(() => {
    caretaker.tick();
    expect(seen).toContain('new');
  });
  for (const leave of removals) leave();
  await caretaker.stopped();
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { soon } from '../../../test/soon.ts';
import { newStackId } from '../stack-id.ts';
import { Caretaker } from './caretaker.ts';
import type { KeptEngine } from './engine-home.ts';
import { HostImages } from './host-image.ts';
import { HostedBook } from './hosted-book.ts';
import { type HostedStack, withTurn } from './hosted-stack.ts';
import type { Hosting } from './hosting.ts';
import { LABEL } from './labels.ts';
import { SoleCaretaker } from './sole-caretaker.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'caretaker-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** An engine without an image, which cannot be built; or with one, and with hosts of these stacks, which go when they are let go. */
function world({
  builds = true,
  stacks = [] as readonly Pick<HostedStack, 'id' | 'name'>[],
  other = undefined as KeptEngine | undefined,
} = {}) {
  const told: string[] = [];
  const seen: string[] = [];
  const removals: { readonly id: string; readonly leave: () => void }[] = [];
  const engine = {
    images: {
      id: async () => (builds ? 'image' : undefined),
      build: async (_context: unknown, _options: unknown, hear: (said: string) => void) => {
        hear('Step 1/1 : RUN apt-get install slurmd\n');
        hear('E: Unable to locate package slurmd\n');
        throw new Error('the command returned a non-zero code: 100');
      },
    },
    hosts: async () =>
      stacks.map(({ id, name }) => ({
        id: `${name}-login`,
        labels: { [LABEL.stack]: id, [LABEL.cluster]: `alice/${name}` },
      })),
    removeHost: (id: string) => new Promise<void>((leave) => removals.push({ id, leave })),
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
    settle: async () => other,
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

it('sees a new cluster while something that is left of an ended one does not go', async () => {
  const old = stackNamed('old');
  const { seen, removals, book, caretaker } = world({ stacks: [old] });
  await ended(book, old);
  caretaker.tick();
  await soon(() => expect(removals).toHaveLength(1));
  await book.add(stackNamed('new'));
  await soon(() => {
    caretaker.tick();
    expect(seen).toContain('new');
  });
  for (const { leave } of removals) leave();
  await caretaker.stopped();
});

it('removes what is left of clusters that it knows to have ended; of those that it does not know, it tells', async () => {
  const [old, living, unknown] = [stackNamed('old'), stackNamed('living'), stackNamed('begun-since')];
  const { told, removals, book, caretaker } = world({ stacks: [unknown, living, old] });
  await ended(book, old);
  await book.add(living);
  caretaker.tick();
  await soon(() => expect(removals).toHaveLength(1));
  for (const { leave } of removals) leave();
  await caretaker.stopped();
  expect(removals.map(({ id }) => id)).toEqual(['old-login']);
  const words = told.filter((text) => text.includes('no record'));
  expect(words).toHaveLength(1);
  expect(words[0]).toContain('alice/begun-since');
  expect(words[0]).toContain('clusterdrop local --clean');
});

it('leaves the post to others when the clusters live in another engine than its own', async () => {
  const { told, seen, book, caretaker } = world({
    other: { id: 'x', name: 'Docker 28.0.1', socket: '/x.sock' },
  });
  await book.add(stackNamed('living'));
  caretaker.tick();
  await soon(() => expect(told.join()).toContain('live in Docker 28.0.1 at /x.sock'));
  await caretaker.stopped();
  expect(seen).toEqual([]);
  expect(new SoleCaretaker(folder).holder()).toBe('');
});

function stackNamed(name: string): HostedStack {
  return { version: 1, id: newStackId('local', '000000000000', name), name, tokens: [], events: [] } as never;
}

async function ended(book: HostedBook, stack: HostedStack): Promise<void> {
  await book.add(stack);
  await book.change(stack, (now) => withTurn(now, { status: 'DELETE_COMPLETE' }, 0));
}

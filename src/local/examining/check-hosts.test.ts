import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { engineThat } from '../../../test/local/engine-that.ts';
import type { Installation } from '../../core/installation.ts';
import { ContainerStacks } from '../containers/container-stacks.ts';
import { settle } from '../containers/engine-home.ts';
import { HostedBook } from '../containers/hosted-book.ts';
import { type HostedStack, withTurn } from '../containers/hosted-stack.ts';
import { openEngine } from '../containers/open-engine.ts';
import { newStackId } from '../stack-id.ts';
import { checkHosts } from './check-hosts.ts';

let folder: string;
let book: HostedBook;
let end: (() => Promise<void>) | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'check-hosts-'));
  book = new HostedBook(folder);
});
afterEach(async () => {
  await end?.();
  rmSync(folder, { recursive: true, force: true });
});

const socket = () => join(folder, 'x.sock');
const stackNamed = (name: string) =>
  ({
    version: 1,
    id: newStackId('local', '000000000000', name),
    name,
    tokens: [],
    events: [],
  }) as unknown as HostedStack;

const look = () =>
  checkHosts({
    installation: { id: 'here' } as Installation,
    stacks: new ContainerStacks({ book, clock: Date, blueprintOf: () => Promise.reject(new Error()) }),
    environment: { DOCKER_HOST: `unix://${socket()}` },
    hostsFolder: folder,
  });

it('tells apart what is left of an ended cluster, and what the folder has no record of', async () => {
  const [living, old, unknown] = [stackNamed('living'), stackNamed('old'), stackNamed('unknown')];
  for (const stack of [living, old]) await book.add(stack);
  await book.change(old, (now) => withTurn(now, { status: 'DELETE_COMPLETE' }, 0));
  end = await engineThat(socket(), { stacks: [living, old, unknown].map(({ id }) => id) });
  const told = (await look()).map((verdict) => JSON.stringify(verdict));
  expect(told).toHaveLength(3);
  expect(told[0]).toContain('3 hosts run');
  expect(told[1]).toContain('old-login is ours, and its cluster has ended');
  expect(told[2]).toContain('unknown-login is ours, and this folder has no record of its cluster');
});

it('names the engine that clusters live in when another one answers', async () => {
  end = await engineThat(socket(), { id: 'home' });
  await settle(folder, await openEngine(socket()));
  await book.add(stackNamed('living'));
  await end();
  end = await engineThat(socket(), { id: 'other' });
  expect(JSON.stringify(await look())).toContain(
    `clusters live in Docker 29.1.0 at ${socket()}, and that engine does not answer`,
  );
});

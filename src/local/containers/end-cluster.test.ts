import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { clusterAt } from '../../core/identity.ts';
import type { ComputeHosts } from './compute-hosts.ts';
import { ClusterEnd } from './end-cluster.ts';
import { EngineTrouble } from './engine-trouble.ts';
import type { FilesKeeper } from './files-keeper.ts';
import { HostedBook } from './hosted-book.ts';
import { type HostedStack, statusOf, withTurn } from './hosted-stack.ts';
import type { Hosting } from './hosting.ts';
import { Overtaken, StackOperation } from './stack-operation.ts';

const STACK = {
  version: 1,
  id: 'arn:aws:cloudformation:local:000000000000:stack/x/00000000-0000-0000-0000-000000000001',
  name: 'x',
  tokens: [],
  outputs: {},
  events: [],
} as unknown as HostedStack;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'end-cluster-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A stack that is in `status`, in an engine whose network does not go, for the reason `refusal`. */
async function stackThat(status: string, refusal: EngineTrouble, patience: number) {
  const networks = ['network'];
  const kind = (ids: string[]) => ({
    list: async () => ids.map((id) => ({ id })),
    remove: async () => {
      throw refusal;
    },
  });
  const book = new HostedBook(folder);
  const hosting = {
    engine: { hosts: async () => [], volumes: kind([]), networks: kind(networks) },
    book,
    clock: Date,
    marks: { forget: async () => undefined },
    changed: () => undefined,
  } as unknown as Hosting;
  await book.add(withTurn(STACK, { status }, Date.now()));
  const operation = new StackOperation(hosting, STACK, clusterAt('local', 'home/alice/x'));
  await operation.look();
  const compute = { settled: async () => undefined } as ComputeHosts;
  // It never was ready, so there is nothing to save.
  const files = {} as FilesKeeper;
  const end = new ClusterEnd({ hosting, operation, labels: {}, files, compute }, { patience });
  const record = async () => (await book.byId(STACK.id)) ?? STACK;
  return { end, networks, record, signal: new AbortController().signal };
}

const inUse = new EngineTrouble('other', 'network x has active endpoints');

it('has failed, with the reason, when something is not removed for long', async () => {
  const { end, networks, record, signal } = await stackThat('DELETE_IN_PROGRESS', inUse, 0);
  await expect(end.remove(STACK, signal)).rejects.toBeInstanceOf(Overtaken);
  const failed = await record();
  expect(statusOf(failed)).toEqual({
    status: 'DELETE_FAILED',
    statusReason: 'The following resource(s) failed to delete: [Network].',
  });
  expect(failed.events).toContainEqual(
    expect.objectContaining({ logicalId: 'Network', status: 'DELETE_FAILED', reason: inUse.message }),
  );
  expect(networks).toEqual(['network']);
});

it('is tried again for a while before it has failed', async () => {
  const { end, record, signal } = await stackThat('DELETE_IN_PROGRESS', inUse, 60_000);
  await expect(end.remove(STACK, signal)).rejects.toBe(inUse);
  expect(statusOf(await record()).status).toBe('DELETE_IN_PROGRESS');
});

it('waits for an engine that does not answer, however long that is', async () => {
  const gone = new EngineTrouble('gone', 'the container engine does not answer');
  const { end, record, signal } = await stackThat('DELETE_IN_PROGRESS', gone, 0);
  await expect(end.remove(STACK, signal)).rejects.toBe(gone);
  expect(statusOf(await record()).status).toBe('DELETE_IN_PROGRESS');
});

it.each([
  [inUse, 'The following resource(s) failed to delete: [Network].'],
  [new EngineTrouble('gone', 'it does not answer'), 'it does not answer'],
])('tells that a roll-back has failed: %s', async (trouble, statusReason) => {
  const { end, record } = await stackThat('ROLLBACK_IN_PROGRESS', trouble, 0);
  await end.rollBack().catch((error: unknown) => expect(error).toBeInstanceOf(Overtaken));
  expect(statusOf(await record())).toEqual({ status: 'ROLLBACK_FAILED', statusReason });
});

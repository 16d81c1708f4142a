import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { newStackId } from '../stack-id.ts';
import { engineFile, homeOf, settle } from './engine-home.ts';
import { HostedBook } from './hosted-book.ts';
import { withTurn } from './hosted-stack.ts';
import type { OpenedEngine } from './open-engine.ts';

let hosts: string;
beforeEach(() => {
  hosts = mkdtempSync(join(tmpdir(), 'engine-home-'));
});
afterEach(() => rmSync(hosts, { recursive: true, force: true }));

/** One that has nothing. */
const engineOf = (id: string) =>
  ({
    engine: { volumes: { list: async () => [] } },
    id,
    name: 'Docker',
    socket: '/x.sock',
  }) as unknown as OpenedEngine;

it('stays the one in which clusters live, until none does', async () => {
  const book = new HostedBook(hosts);
  const stack = {
    version: 1,
    id: newStackId('local', '000000000000', 'x'),
    name: 'x',
    tokens: [],
    events: [],
  } as never;
  expect(await settle(hosts, engineOf('one'))).toBeUndefined();
  expect(await homeOf(hosts)).toBeUndefined();
  expect(await settle(hosts, engineOf('two'))).toBeUndefined();
  await book.add(stack);
  expect(await homeOf(hosts)).toMatchObject({ kept: { id: 'two' } });
  expect(await settle(hosts, engineOf('one'))).toMatchObject({ id: 'two' });
  expect(await settle(hosts, engineOf('two'))).toBeUndefined();
  await book.change(stack, (now) => withTurn(now, { status: 'DELETE_COMPLETE' }, 0));
  expect(await settle(hosts, engineOf('one'))).toBeUndefined();
});

it('is not guessed when it cannot be read', async () => {
  writeFileSync(engineFile(hosts), '');
  await expect(homeOf(hosts)).rejects.toThrow('engine.json cannot be read');
});

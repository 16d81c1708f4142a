import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { newStackId } from '../stack-id.ts';
import { cleanHosts } from './clean-hosts.ts';
import { HostedBook } from './hosted-book.ts';
import type { Hosting } from './hosting.ts';
import { LABEL } from './labels.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clean-hosts-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('takes away also what belongs to clusters that this folder has no record of', async () => {
  const removed: string[] = [];
  const labels = { [LABEL.stack]: newStackId('local', '000000000000', 'begun-since') };
  const kind = (id: string) => ({
    list: async () => [{ id, labels }],
    remove: async (one: string) => void removed.push(one),
  });
  const engine = {
    hosts: async () => [{ id: 'login', labels }],
    removeHost: async (id: string) => void removed.push(id),
    networks: kind('network'),
    volumes: kind('home'),
    images: { ...kind('image'), list: async () => ['image'] },
  };
  const hosting = { engine, book: new HostedBook(folder), installation: 'here' } as unknown as Hosting;
  expect(await cleanHosts(hosting, false)).toEqual({ ended: [], kept: [] });
  expect(removed).toEqual(['login', 'network', 'home', 'image']);
});

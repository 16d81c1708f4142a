import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ObjectEntry, ObjectStore } from '../../src/engine/ports.ts';

export interface OpenStore {
  /** Empty. */
  readonly store: ObjectStore;
  /** Afterwards the store shows every write that has been made. */
  settle(): void | Promise<void>;
  close(): void | Promise<void>;
}

/** What every `ObjectStore` does, whatever it stands on. `runs`: how many random stories; fewer where a call is slow. */
export function objectStoreContract(kind: string, open: () => Promise<OpenStore>, { runs = 40 } = {}): void {
  describe(`${kind} is an object store`, { timeout: 240_000 }, () => {
    let opened: OpenStore;
    let store: ObjectStore;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });
    afterEach(() => opened.close());

    /** A write that must succeed, and is shown as what it said of itself. */
    async function put(key: string, body: Uint8Array | string): Promise<ObjectEntry> {
      const written = await store.put(key, body);
      await opened.settle();
      if (!written) throw new Error(`nothing was written to ${key}`);
      const entry = (await listing(key)).objects.find((one) => one.key === key);
      expect(entry).toMatchObject(written);
      if (!entry) throw new Error(`${key} is not listed`);
      return entry;
    }

    async function text(key: string): Promise<string | undefined> {
      const object = await store.get(key);
      return object && new TextDecoder().decode(object.body);
    }

    async function listing(prefix: string) {
      const objects: ObjectEntry[] = [];
      const folders: string[] = [];
      for await (const page of store.list(prefix)) {
        expect(page.objects.length + page.folders.length).toBeLessThanOrEqual(1000);
        objects.push(...page.objects);
        folders.push(...page.folders);
      }
      return { objects, folders, keys: objects.map(({ key }) => key) };
    }

    it('has nothing at first', async () => {
      expect(await store.get('home/alice/x.cf-status')).toBeUndefined();
      expect(await listing('')).toMatchObject({ objects: [], folders: [] });
      expect(await listing('home/alice/')).toMatchObject({ objects: [], folders: [] });
    });

    it('gives back what was put, and says the same of it everywhere', async () => {
      const bytes = Uint8Array.from({ length: 256 }, (_, n) => n);
      for (const [key, body, size] of [
        ['home/alice/bytes', bytes, 256],
        ['home/alice/empty', '', 0],
        ['home/alice/text', 'grüße 🎉', 12],
        ['home/alice/x.cf-create', '{}', 2],
      ] as const) {
        const entry = await put(key, body);
        expect(entry).toMatchObject({ key, size });
        expect(Number.isInteger(entry.modified) && entry.modified > 1.6e12).toBe(true);
        expect((await listing(key)).objects).toEqual([entry]);
        const { body: read, ...said } = (await store.get(key)) ?? { body: undefined };
        expect(said).toEqual(entry);
        expect(Buffer.from(read ?? 'nothing').equals(Buffer.from(body))).toBe(true);
      }
    });

    it('reads no more than is asked for, and says how large it is', async () => {
      const key = 'home/alice/x.cf-create';
      const entry = await put(key, '{"a": "ü"}');
      for (const [most, expected] of [
        [1, '{'],
        [7, '{"a": "'],
        [11, '{"a": "ü"}'],
        [12, '{"a": "ü"}'],
      ] as const) {
        const { body, ...said } = (await store.get(key, most)) ?? { body: undefined };
        expect(said).toEqual(entry);
        expect(new TextDecoder().decode(body)).toBe(expected);
      }
      expect((await store.get(key, 8))?.body).toHaveLength(8);
      expect(await store.get(key, 0)).toEqual({ ...entry, body: expect.any(Uint8Array) });
      expect((await store.get(key, 0))?.body).toHaveLength(0);
      const empty = await put('home/alice/empty', '');
      expect(await store.get('home/alice/empty', 5)).toEqual({ ...empty, body: expect.any(Uint8Array) });
      expect((await store.get('home/alice/empty', 5))?.body).toHaveLength(0);
      expect(await store.get('home/alice/nothing', 5)).toBeUndefined();
      expect(await store.get('home/alice/nothing', 0)).toBeUndefined();
    });

    it('gives each write a version of its own, the same content or not', async () => {
      const key = 'home/alice/x.cf-create';
      const versions = new Set<string>();
      for (let n = 0; n < 5; n++) {
        const entry = await put(key, '{}');
        versions.add(entry.version);
        // Also after it was away in between.
        if (n === 2) expect(await store.remove(key, entry.version)).toBe('removed');
      }
      expect(versions.size).toBe(5);
    });

    it('never says that a later write is older', async () => {
      let before = 0;
      for (let n = 0; n < 10; n++) {
        const { modified } = await put(`home/alice/${n % 3}`, `${n}`);
        expect(modified).toBeGreaterThanOrEqual(before);
        before = modified;
      }
    });

    it('puts if absent', async () => {
      const key = 'home/alice/x.cf-status';
      const first = await store.put(key, 'first', { ifAbsent: true });
      expect(first).toBeDefined();
      expect(await store.put(key, 'second', { ifAbsent: true })).toBeUndefined();
      expect(await text(key)).toBe('first');
      await store.remove(key, first?.version ?? '');
      expect(await store.put(key, 'third', { ifAbsent: true })).toBeDefined();
      expect(await text(key)).toBe('third');
    });

    it('puts if the version is still the one that was seen', async () => {
      const key = 'ledger/alice.json';
      expect(await store.put(key, 'x', { ifVersion: 'none' })).toBeUndefined();
      expect(await store.get(key)).toBeUndefined();
      const first = await put(key, 'first');
      const second = await store.put(key, 'second', { ifVersion: first.version });
      expect(second).toBeDefined();
      expect(await store.put(key, 'third', { ifVersion: first.version })).toBeUndefined();
      expect(await text(key)).toBe('second');
      await store.remove(key, second?.version ?? '');
      expect(await store.put(key, 'fourth', { ifVersion: second?.version ?? '' })).toBeUndefined();
      expect(await store.get(key)).toBeUndefined();
    });

    it('removes only the version that was seen', async () => {
      const key = 'home/alice/x.cf-create';
      expect(await store.remove(key, 'none')).toBe('absent');
      const first = await put(key, '{}');
      const second = await put(key, '{}');
      expect(await store.remove(key, first.version)).toBe('changed');
      expect(await text(key)).toBe('{}');
      expect((await listing(key)).objects).toEqual([second]);
      expect(await store.remove(key, second.version)).toBe('removed');
      expect(await store.remove(key, second.version)).toBe('absent');
      expect(await store.get(key)).toBeUndefined();
      expect((await listing(key)).objects).toEqual([]);
    });

    it('lets exactly one of many win', async () => {
      const key = 'ledger/alice.json';
      const ten = Array.from({ length: 10 }, (_, n) => n);
      const made = await Promise.all(ten.map((n) => store.put(key, `made ${n}`, { ifAbsent: true })));
      expect(made.filter(Boolean)).toHaveLength(1);
      expect(await text(key)).toBe(`made ${made.findIndex(Boolean)}`);

      const ifVersion = made.find(Boolean)?.version ?? '';
      const changed = await Promise.all(ten.map((n) => store.put(key, `changed ${n}`, { ifVersion })));
      expect(changed.filter(Boolean)).toHaveLength(1);
      expect(await text(key)).toBe(`changed ${changed.findIndex(Boolean)}`);

      const version = changed.find(Boolean)?.version ?? '';
      const removed = await Promise.all(ten.map(() => store.remove(key, version)));
      expect(removed.filter((outcome) => outcome === 'removed')).toHaveLength(1);
      expect(await store.get(key)).toBeUndefined();
    });

    it('lets exactly one of many win also when all write what is there already', async () => {
      const key = 'ledger/alice.json';
      const { version: ifVersion } = await put(key, 'the same');
      const ten = Array.from({ length: 10 }, () => store.put(key, 'the same', { ifVersion }));
      const won = (await Promise.all(ten)).filter((one) => one !== undefined);
      expect(won).toHaveLength(1);
      expect(await store.get(key)).toMatchObject({ version: won[0]?.version });
    });

    it('lets either the change or the removal win', async () => {
      for (let n = 0; n < 10; n++) {
        const key = `ledger/${n}`;
        const { version } = await put(key, 'old');
        const change = () => store.put(key, 'new', { ifVersion: version });
        const removal = () => store.remove(key, version);
        const [changed, removed] =
          n % 2 === 0
            ? await Promise.all([change(), removal()])
            : (await Promise.all([removal(), change()])).toReversed();
        expect(removed === 'removed').toBe(changed === undefined);
        expect(await text(key)).toBe(changed ? 'new' : undefined);
      }
    });

    it('counts right with compare and swap', async () => {
      const key = 'ledger/count';
      await put(key, '0');
      async function increment(): Promise<void> {
        for (;;) {
          const seen = await store.get(key);
          if (!seen) throw new Error('the count is gone');
          const next = String(Number(new TextDecoder().decode(seen.body)) + 1);
          if (await store.put(key, next, { ifVersion: seen.version })) return;
        }
      }
      await Promise.all(Array.from({ length: 12 }, increment));
      expect(await text(key)).toBe('12');
    });

    it('lists what is directly below, and folders', async () => {
      for (const key of [
        'home/alice/my.cf-create',
        'home/alice/mycluster.cf-create',
        'home/alice/mycluster.cf-status',
        'home/alice/my/deep/x.cf-create',
        'home/alice/my-project/x.cf-create',
        'home/alan/a.cf-create',
        'home/bob/b.cf-create',
        'top',
      ])
        await put(key, '{}');
      expect(await listing('')).toMatchObject({ keys: ['top'], folders: ['home/'] });
      expect((await listing('home/al')).folders).toEqual(['home/alan/', 'home/alice/']);
      expect(await listing('home/alice')).toMatchObject({ keys: [], folders: ['home/alice/'] });
      expect(await listing('home/alice/my')).toMatchObject({
        keys: ['home/alice/my.cf-create', 'home/alice/mycluster.cf-create', 'home/alice/mycluster.cf-status'],
        folders: ['home/alice/my-project/', 'home/alice/my/'],
      });
      expect((await listing('home/alice/my.cf-')).keys).toEqual(['home/alice/my.cf-create']);
      expect(await listing('home/alice/my/')).toMatchObject({ keys: [], folders: ['home/alice/my/deep/'] });
      for (const nothing of ['home/alice/z', 'home/zoe/', 'home/alice/my.cf-create/', 'ome/', '/', '../'])
        expect(await listing(nothing), nothing).toMatchObject({ objects: [], folders: [] });
    });

    it('lists more than a page, each once and in order', async () => {
      const keys = Array.from({ length: 2100 }, (_, n) => `home/alice/c${n}.cf-status`);
      for (let at = 0; at < keys.length; at += 100)
        await Promise.all(keys.slice(at, at + 100).map((key) => store.put(key, '{}')));
      expect((await listing('home/alice/')).keys).toEqual(keys.toSorted());
      expect((await listing('home/alice/c20')).keys).toHaveLength(111);
    });

    it('takes every key that S3 takes and a folder can hold', async () => {
      const names = [
        'two words',
        'a+b',
        '100%',
        '%2F',
        '%2e%2e',
        'q?x=1&y=2#z',
        '..x',
        '...',
        '.hidden',
        '-rf',
        '~',
        'a\\b',
        '"quoted" \'too\'',
        '<&>;|*$(x)`',
        'München',
        '東京',
        '🎉',
        'x'.repeat(255),
      ];
      for (const name of names) {
        const key = `home/alice/${name}`;
        await put(key, name);
        expect(await text(key), name).toBe(name);
        expect((await listing(key)).keys, name).toEqual([key]);
        await put(`home/${name === 'x'.repeat(255) ? 'long' : name}/below`, name);
      }
      expect((await listing('home/alice/')).keys.toSorted()).toEqual(
        names.map((name) => `home/alice/${name}`).toSorted(),
      );
      for (const { key, version } of (await listing('home/alice/')).objects)
        expect(await store.remove(key, version), key).toBe('removed');
      expect((await listing('home/alice/')).objects).toEqual([]);
    });

    it('behaves like a simple map of versions in any story', async () => {
      const key = fc.constantFrom('a.cf-create', 'a.cf-status', 'b/a.cf-create');
      const version = fc.constantFrom('current', 'earlier', 'of another key');
      const step = fc.oneof(
        fc.record({ act: fc.constant('put' as const), key, body: fc.constantFrom('{}', '', 'text') }),
        fc.record({ act: fc.constant('put if absent' as const), key, body: fc.constant('{}') }),
        fc.record({ act: fc.constant('put if version' as const), key, body: fc.constant('{}'), version }),
        fc.record({ act: fc.constant('remove' as const), key, version }),
      );
      let story = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
          story += 1;
          const at = `home/alice/story-${story}/`;
          const model = new Map<string, { version: string; body: string }>();
          const seen = new Map<string, string[]>();
          for (const taken of steps) {
            const full = at + taken.key;
            const now = model.get(full);
            const earlier = (seen.get(full) ?? []).filter((one) => one !== now?.version);
            const elsewhere = [...model].find(([other]) => other !== full)?.[1].version;
            const named =
              'version' in taken
                ? ({ current: now?.version, earlier: earlier.at(-1), 'of another key': elsewhere }[
                    taken.version
                  ] ?? 'none')
                : 'none';
            if (taken.act === 'remove') {
              const expected = now === undefined ? 'absent' : now.version === named ? 'removed' : 'changed';
              expect(await store.remove(full, named)).toBe(expected);
              if (expected === 'removed') model.delete(full);
            } else {
              const condition = {
                put: undefined,
                'put if absent': { ifAbsent: true as const },
                'put if version': { ifVersion: named },
              }[taken.act];
              const holds = {
                put: true,
                'put if absent': now === undefined,
                'put if version': now?.version === named,
              };
              const entry = await store.put(full, taken.body, condition);
              expect(entry !== undefined).toBe(holds[taken.act]);
              if (entry) {
                expect([...seen.values()].flat()).not.toContain(entry.version);
                seen.set(full, [...(seen.get(full) ?? []), entry.version]);
                model.set(full, { version: entry.version, body: taken.body });
              }
            }
            await opened.settle();
            const shown = [...(await listing(at)).objects, ...(await listing(`${at}b/`)).objects];
            expect(new Map(shown.map((entry) => [entry.key, entry.version]))).toEqual(
              new Map([...model].map(([one, state]) => [one, state.version])),
            );
            expect(await text(full)).toBe(model.get(full)?.body);
          }
        }),
        { numRuns: runs },
      );
    });
  });
}

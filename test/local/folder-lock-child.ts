import { readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { isInput } from '../../src/core/identity.ts';
import { FolderLock } from '../../src/local/folder-lock.ts';
import { FolderStore } from '../../src/local/folder-store.ts';

/** A process of its own for the tests beside it: `<task> <folder> <name> <rounds>`. Says `ready` when its task begins. */
const [task = '', base = '', name = '', rounds = '0'] = process.argv.slice(2);

const store = () =>
  new FolderStore({
    root: join(base, 'bucket'),
    internal: join(base, '.clusterdrop', 'bucket'),
    bucket: 'bucket',
    clock: { now: () => Date.now() },
    quietMs: 0,
    isInput,
  });

const tasks: Record<string, () => Promise<void>> = {
  /** Reads, adds one, writes: right only if nobody else does the same meanwhile. */
  async 'count under the lock'() {
    const lock = new FolderLock(join(base, 'locks'));
    const file = join(base, 'count');
    for (let n = 0; n < Number(rounds); n++)
      await lock.run(() => writeFileSync(file, String(Number(readFileSync(file, 'utf8')) + 1)));
  },
  /** Takes the lock, says so, and never lets go. */
  async 'hold the lock'() {
    await new FolderLock(join(base, 'locks')).run(() => {
      writeSync(1, 'held\n');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    });
  },
  /** Counts in one shared object by compare and swap, and tells of each success. */
  async 'compare and swap'() {
    const shared = store();
    for (let n = 0; n < Number(rounds); ) {
      const seen = await shared.get('ledger/count');
      if (!seen) throw new Error('the count is gone');
      const counts = JSON.parse(new TextDecoder().decode(seen.body)) as Record<string, number>;
      counts[name] = (counts[name] ?? 0) + 1;
      const entry = await shared.put('ledger/count', JSON.stringify(counts), { ifVersion: seen.version });
      if (entry) writeSync(1, `${(n += 1)}\n`);
    }
  },
  /** Replaces three objects by turns with a megabyte of one letter, for ever; now and then removes one. */
  async 'write without end'() {
    const shared = store();
    for (let n = 0; ; n++) {
      const key = `home/alice/big-${n % 3}`;
      await shared.put(key, String.fromCharCode(97 + (n % 26)).repeat(1_000_000));
      const version = n % 7 === 0 ? (await shared.get(key))?.version : undefined;
      if (version !== undefined) await shared.remove(key, version);
      if (n === 3) writeSync(1, 'busy\n');
    }
  },
};

writeSync(1, 'ready\n');
await tasks[task]?.();

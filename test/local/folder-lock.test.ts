import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FolderLock } from '../../src/local/folder-lock.ts';
import { OWN_START } from '../../src/local/living-process.ts';
import { type Folder, keysOf, openFolder, textOf } from './folder-fixture.ts';

const SCRIPT = join(import.meta.dirname, 'folder-lock-child.ts');
const onLinux = process.platform === 'linux';

// Whole processes are started and awaited: how long that takes says nothing about us.
describe('the lock of a folder', { timeout: 60_000 }, () => {
  let folder: Folder;
  let locks: string;
  const children: ChildProcess[] = [];
  beforeEach(() => {
    folder = openFolder();
    locks = join(folder.base, 'locks');
    mkdirSync(locks);
  });
  afterEach(async () => {
    await Promise.all(children.splice(0).map((child) => end(child)));
    folder.close();
  });

  /** A real process at `task`; `said` holds the lines it printed. */
  function start(task: string, name = '', rounds = 0) {
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', SCRIPT, task, folder.base, name, String(rounds)],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    children.push(child);
    const said: string[] = [];
    const waiting = new Map<string, () => void>();
    createInterface({ input: child.stdout }).on('line', (line) => {
      said.push(line);
      waiting.get(line)?.();
    });
    const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
    const says = (line: string) =>
      new Promise<void>((resolve, reject) => {
        if (said.includes(line)) resolve();
        waiting.set(line, resolve);
        void exit.then((code) => reject(new Error(`exit ${code} before "${line}"`)));
      });
    return { child, said, exit, says };
  }

  /** Whether the lock lets us in although `name` is there. */
  async function enters(name: string): Promise<boolean> {
    const path = join(locks, name);
    writeFileSync(path, '1');
    const entered = await impatient()
      .run(() => true)
      .catch(() => false);
    // Whoever gets in has cleared the dead entry away; whoever does not has left the living one alone.
    expect(existsSync(path)).toBe(!entered);
    rmSync(path, { force: true });
    return entered;
  }

  /** Entries whose flag is raised: whoever wants in, or is. */
  function raised(): string[] {
    return readdirSync(locks).filter((name) => readFileSync(join(locks, name), 'utf8') !== '0');
  }

  function impatient() {
    return new FolderLock(locks, { patienceMs: 50 });
  }

  it('lets one process at a time through', async () => {
    writeFileSync(join(folder.base, 'count'), '0');
    const counting = [1, 2, 3].map(() => start('count under the lock', '', 150));
    expect(await Promise.all(counting.map(({ exit }) => exit))).toEqual([0, 0, 0]);
    expect(readFileSync(join(folder.base, 'count'), 'utf8')).toBe('450');
    expect(raised()).toEqual([]);
  });

  it('keeps compare and swap exact between processes, one of them killed in the middle', async () => {
    await folder.store.put('ledger/count', '{}');
    const doomed = start('compare and swap', 'doomed', 1_000_000);
    const steady = ['a', 'b', 'c'].map((name) => start('compare and swap', name, 40));
    await doomed.says('20');
    await end(doomed.child);
    expect(await Promise.all(steady.map(({ exit }) => exit))).toEqual([0, 0, 0]);
    const counts = JSON.parse(textOf(await folder.store.get('ledger/count')) ?? '') as Record<string, number>;
    const { doomed: ofDoomed = 0, ...rest } = counts;
    expect(rest).toEqual({ a: 40, b: 40, c: 40 });
    // It may have been killed between a success and telling of it.
    const told = Number(doomed.said.at(-1));
    expect([told, told + 1]).toContain(ofDoomed);
  });

  it('is held by a process that lives, and free at once when it is killed', async () => {
    const holder = start('hold the lock');
    await holder.says('held');
    await expect(impatient().run(() => 'in')).rejects.toThrow(`process ${holder.child.pid} has held`);
    await end(holder.child);
    expect(await impatient().run(() => 'in')).toBe('in');
    expect(raised()).toEqual([]);
  });

  it('leaves only whole objects behind, wherever a writer is killed', async () => {
    for (let n = 0; n < 3; n++) {
      const writer = start('write without end');
      await writer.says('busy');
      await new Promise((resolve) => setImmediate(resolve));
      await end(writer.child);
      const keys = await keysOf(folder.store, 'home/alice/');
      expect(keys.length).toBeGreaterThanOrEqual(2);
      for (const key of keys) expect(textOf(await folder.store.get(key))).toMatch(/^(.)\1{999999}$/);
      expect(await folder.store.put('home/alice/after', 'x')).toBeDefined();
      const after = await folder.store.get('home/alice/after');
      expect(await folder.store.remove('home/alice/after', after?.version ?? '')).toBe('removed');
      await folder.store.expireVersions(0, 0);
    }
    folder.advance(2 * 3_600_000);
    folder.another();
    const left = readdirSync(join(folder.internal, 'tmp'));
    // What has its name already is left, since to lose one name changes its version.
    expect(left.length).toBeLessThanOrEqual(3);
  });

  it('is freed when a section fails', async () => {
    const lock = impatient();
    await expect(
      lock.run(() => {
        throw new Error('failed');
      }),
    ).rejects.toThrow('failed');
    expect(raised()).toEqual([]);
    expect(await lock.run(() => 'in')).toBe('in');
  });

  it('runs at once when nobody else is there', () => {
    let ran = false;
    void impatient().run(() => {
      ran = true;
    });
    expect(ran).toBe(true);
  });

  it('does not mind files that are no entries', async () => {
    writeFileSync(join(locks, '.DS_Store'), '');
    expect(await impatient().run(() => 'in')).toBe('in');
    expect(readdirSync(locks)).toContain('.DS_Store');
  });

  it('does not take a process that got the number of a dead one for that one', async () => {
    const [boot = '', namespace = '', ticks = ''] = OWN_START.split('.');
    expect(await enters(`${process.pid}-${OWN_START}-0-abc-1`)).toBe(false);
    expect(await enters('999999999-0-0-abc-2')).toBe(true);
    if (!onLinux) return;
    expect(await enters(`${process.pid}-${boot}.${namespace}.${Number(ticks) + 1}-0-abc-3`)).toBe(true);
    expect(await enters(`${process.pid}-${boot}x.${namespace}.${ticks}-0-abc-4`)).toBe(true);
    // Containers of an earlier boot are gone with it; of another container of this one nothing can be known.
    expect(await enters(`999999999-${boot}x.${namespace}1.${ticks}-0-abc-6`)).toBe(true);
    expect(await enters(`${process.pid}-${boot}x.${namespace}1.${ticks}-0-abc-7`)).toBe(true);
    expect(await enters(`999999999-${boot}.${namespace}1.${ticks}-0-abc-5`)).toBe(false);
  });

  it.runIf(onLinux)('takes a dead process that nobody collected for dead', async () => {
    // The shell becomes `sleep`, which never collects the shell's child; the child ends when we close its input.
    const shell = spawn('sh', ['-c', 'cat <&3 & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
    });
    children.push(shell);
    const { stdout } = shell;
    if (!stdout) throw new Error('no output');
    const pid = await new Promise<string>((resolve) =>
      createInterface({ input: stdout }).once('line', resolve),
    );
    const command = () => readFileSync(`/proc/${shell.pid}/comm`, 'utf8').trim();
    await expect.poll(command, { timeout: 20_000 }).toBe('sleep');
    const input = shell.stdio[3];
    if (input && 'end' in input) input.end();
    const stat = () => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    await expect.poll(() => stat()[0], { timeout: 20_000 }).toBe('Z');
    const [boot, namespace] = OWN_START.split('.');
    writeFileSync(join(locks, `${pid}-${boot}.${namespace}.${stat()[19]}-0-abc-1`), '1');
    expect(await impatient().run(() => 'in')).toBe('in');
  });
});

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  child.kill('SIGKILL');
  return closed;
}

import { afterAll, beforeAll, expect, test } from 'vitest';
import { fencesOf } from '../docs/markdown.ts';
import { describeInLab } from './describe-in-lab.ts';
import { Running } from './running.ts';
import { NOTHING } from './world.ts';

/** What is to be typed on the login host, and what it shows there: one for each, in order. */
function typedThere(page: string, shown: readonly RegExp[]) {
  const fences = fencesOf(page).filter(({ needs }) => needs === 'cluster');
  // Of those that are not found, none would be tried.
  if (fences.length !== shown.length)
    throw new Error(`${page} tells ${fences.length} times what to type on a cluster, not ${shown.length}`);
  return shown.map((pattern, at) => {
    const { lines = [] } = fences[at] ?? {};
    return [lines.join('; ').slice(0, 60), lines, pattern] as const;
  });
}

// What the guides tell to type on the login host of a cluster that `{}` asked for, word by word, in order.
describeInLab('the guides', (lab) => {
  let town: Running;
  /** As in a login shell; what it runs must not read the lines that follow. */
  const type = (lines: readonly string[]) => {
    const script = Buffer.from(`set -e\n{\n${lines.join('\n')}\n} </dev/null\n`).toString('base64');
    return town.login('alice', 'mycluster', `echo ${script} | base64 -d | bash -l`);
  };

  beforeAll(async () => {
    town = new Running(lab);
    await town.start();
    town.create('alice', 'mycluster');
    await town.untilRunning('alice', 'mycluster', 180_000);
  });
  afterAll(() => town?.close());

  test.each(
    typedThere('docs/guide-researcher.md', [
      /\bidle~ [^]*^node-[12]\nnode-[12]$/m,
      /^Submitted batch job \d+\n(node-[12]\n){4}$/,
      /\npart 1\npart 2\npart 3\n$/,
      /^rank [0-3] of 4\n(.*\n){3}$/,
      /\bfirst\.sh .* COMPLETED /,
    ]),
  )('tell researchers what works: %s', async (_, lines, shown) => {
    expect(await type(lines)).toMatch(shown);
  });

  test('leave behind what they say is there', async () => {
    expect(await town.login('alice', 'mycluster', 'cat files/part-*.txt')).toBe('part 1\npart 2\npart 3\n');
    await town.command('delete', 'mycluster', '--user', 'alice', '--wait');
    expect(town.read('alice', 'mycluster.files/first.txt')?.split('\n')).toHaveLength(5);
    town.create('alice', 'mycluster');
    await town.untilRunning('alice', 'mycluster');
  });

  test.each(
    typedThere('docs/guide-nodes.md', [/^boot\.log\n[^]*^profile\.log\n[^]*^== .* of profile alice$/m]),
  )('tell whoever customises nodes what works: %s', async (_, lines, shown) => {
    expect(await type(lines)).toMatch(shown);
  });

  test('tell how to take it all away', async () => {
    const [clean] = fencesOf('docs/hosts-in-containers.md').filter(({ needs }) => needs === 'containers');
    expect(clean?.lines).toEqual(['clusterdrop local --clean']);
    await town.end();
    await town.command('local', '--clean');
    expect(await town.world.counts()).toEqual(NOTHING);
    expect(town.read('alice', 'mycluster.cf-deleted')).toContain('you asked for it');
  });
});

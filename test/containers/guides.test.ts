import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Fence, fencesOf } from '../docs/markdown.ts';
import { describeInLab } from './describe-in-lab.ts';
import { Running } from './running.ts';

const typedThere = (page: string): Fence[] => fencesOf(page).filter(({ needs }) => needs === 'cluster');

// What the guides tell to type on the login host of a cluster that `{}` asked for, word by word, in order.
describeInLab('the guides', (lab) => {
  let town: Running;
  /** As in a login shell; what it runs must not read the lines that follow. */
  const type = ({ lines }: Fence) => {
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
    typedThere('docs/guide-researcher.md').map(
      (fence) => [fence.lines.join('; ').slice(0, 60), fence] as const,
    ),
  )('tell researchers what works: %s', async (_, fence) => {
    expect(await type(fence)).not.toBe('');
  });

  test('leave behind what they say is there', async () => {
    expect(await town.login('alice', 'mycluster', 'cat files/part-*.txt')).toBe('part 1\npart 2\npart 3\n');
    await town.command('delete', 'mycluster', '--user', 'alice', '--wait');
    expect(town.read('alice', 'mycluster.files/first.txt')?.split('\n')).toHaveLength(5);
    town.create('alice', 'mycluster');
    await town.untilRunning('alice', 'mycluster');
  });

  test.each(
    typedThere('docs/guide-nodes.md').map((fence) => [fence.lines.join('; ').slice(0, 60), fence] as const),
  )('tell whoever customises nodes what works: %s', async (_, fence) => {
    expect(await type(fence)).toContain('profile.log');
  });

  test('tell how to take it all away', async () => {
    const [clean] = fencesOf('docs/hosts-in-containers.md').filter(({ needs }) => needs === 'containers');
    expect(clean?.lines).toEqual(['clusterdrop local --clean']);
    await town.end();
    await town.command('local', '--clean');
    expect(await town.world.counts()).toEqual({ container: 0, network: 0, volume: 0 });
    expect(town.read('alice', 'mycluster.cf-deleted')).toContain('you asked for it');
  });
});

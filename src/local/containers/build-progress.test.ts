import { expect, it } from 'vitest';
import { BuildProgress } from './build-progress.ts';

it('tells each step as it begins, and every five seconds where it is', () => {
  const build = new BuildProgress();
  const hear = (seconds: number, said: string) => build.hear(said, 100_000 + seconds * 1000);
  expect(hear(0, 'Step 1/6 : ARG BASE=debian\n')).toBe('Step 1/6 : ARG BASE=debian');
  expect(hear(0, '\n')).toBeUndefined();
  expect(hear(0, 'Step 2/6 : RUN apt-get install\n')).toBe('Step 2/6 : RUN apt-get install');
  expect(hear(4, 'Get:1 http://deb.debian.org bookworm/main')).toBeUndefined();
  expect(hear(5, 'Get:1 munge\n\u001b[91mGet:2 slurmd\u001b[0m\n')).toBe('Step 2/6: Get:2 slurmd');
  expect(hear(9, 'Get:3 mpi')).toBeUndefined();
  expect(hear(10, 'x'.repeat(2000))).toBe(`Step 2/6: ${'x'.repeat(100)} …`);
});

it('knows the steps of Podman, which shouts', () => {
  const build = new BuildProgress();
  expect(build.hear('STEP 3/6: COPY node/ /usr', 0)).toBe('STEP 3/6: COPY node/ /usr');
  expect(build.hear('Unpacking slurmd', 5000)).toBe('STEP 3/6: Unpacking slurmd');
});

it('keeps the last lines, for when it fails', () => {
  const build = new BuildProgress();
  for (let line = 0; line < 100; line++) build.hear(`line ${line}\nmore of ${line}\n`, 0);
  expect(build.lastLines()).toHaveLength(15);
  expect(build.lastLines().slice(-2)).toEqual(['line 99', 'more of 99']);
});

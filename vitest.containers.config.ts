import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import common from './vitest.config.ts';

/** The one that waits for minutes begins first, and the others run beside it. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) => Number(moduleId.endsWith('/idle.test.ts'));
    // oxlint-disable-next-line unicorn/no-array-sort -- it is no array's
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => isLong(b) - isLong(a));
  }
}

/** Real Slurm clusters in containers: `npm run test:containers`, as root, about ten minutes. */
export default defineConfig({
  test: {
    ...common.test,
    include: ['test/containers/**/*.test.ts'],
    exclude: ['node_modules/**'],
    globalSetup: ['test/containers/global-setup.ts'],
    maxWorkers: 2,
    sequence: { shuffle: false, sequencer: LongestFirst },
    testTimeout: 240_000,
    hookTimeout: 240_000,
  },
});

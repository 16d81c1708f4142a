import { defineConfig } from 'vitest/config';
import common from './vitest.config.ts';

/** Real Slurm clusters in containers: `npm run test:containers`, as root, about ten minutes. */
export default defineConfig({
  test: {
    ...common.test,
    include: ['test/containers/**/*.test.ts'],
    exclude: ['node_modules/**'],
    globalSetup: ['test/containers/global-setup.ts'],
    // One waits for minutes that a cluster is idle; beside it the others run, one file at a time.
    maxWorkers: 2,
    sequence: { shuffle: false },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});

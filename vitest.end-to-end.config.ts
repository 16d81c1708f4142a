import { defineConfig } from 'vitest/config';
import common from './vitest.config.ts';

/** The long suites: whole installations on the emulator, with the bundles that are shipped and the real AWS CLI. */
export default defineConfig({
  test: {
    ...common.test,
    include: ['test/end-to-end/**/*.test.ts'],
    exclude: ['node_modules/**'],
    // An emulator and several programs each: more at a time only slow each other down.
    maxWorkers: 2,
    sequence: { shuffle: false },
  },
});

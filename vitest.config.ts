import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    // Minutes long, with configurations of their own: npm run test:end-to-end, npm run test:containers.
    exclude: ['test/end-to-end/**', 'test/containers/**', 'node_modules/**'],
    sequence: { shuffle: true },
    // A machine that does other things as well is no reason to fail; what hangs still ends.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // No test ever calls anything but an emulator on this machine, and none looks for credentials.
    env: {
      CLUSTERDROP_LOOPBACK_ONLY: '1',
      // A container engine of this machine is for the tests in containers alone.
      CLUSTERDROP_HOSTS: 'simulated',
      AWS_ENDPOINT_URL: '',
      AWS_REGION: 'eu-west-2',
      AWS_ACCESS_KEY_ID: 'testing',
      AWS_SECRET_ACCESS_KEY: 'testing',
      AWS_SESSION_TOKEN: '',
      AWS_PROFILE: '',
      AWS_CONFIG_FILE: '/nonexistent',
      AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    coverage: {
      include: ['src/core/**/*.ts', 'src/engine/**/*.ts'],
      thresholds: { lines: 95, functions: 95, statements: 95, branches: 90 },
    },
  },
});

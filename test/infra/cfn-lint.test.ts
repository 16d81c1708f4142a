import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../shipped.ts';
import { TEMPLATES } from './templates.ts';

/** A large one, the engine's usual one here, the one with two zones, and one far away. */
const REGIONS = ['us-east-1', 'eu-west-2', 'us-west-1', 'ap-southeast-2'];
// As for the emulator: the tests' own AWS settings are none that Python can read.
const env = { PATH: process.env['PATH'], HOME: process.env['HOME'] };
const isThere = spawnSync('cfn-lint', ['--version'], { env, stdio: 'ignore' }).status === 0;

// CI fails without it, but where `.ci/run` has found that it cannot be had.
const mayLack = process.env['CI'] === undefined || process.env['CLUSTERDROP_WITHOUT_CFN_LINT'] !== undefined;

it.skipIf(!isThere && mayLack)(
  `cfn-lint has nothing to say${isThere ? '' : ' (skipped: pip install cfn-lint)'}`,
  { timeout: 120_000 },
  () => {
    if (!isThere) throw new Error('cfn-lint is missing: pip install cfn-lint');
    const files = TEMPLATES.map((name) => join(root, 'infrastructure', `${name}.template.json`));
    const { stdout, stderr, status } = spawnSync(
      'cfn-lint',
      ['--include-checks', 'I', '--regions', ...REGIONS, '--template', ...files],
      { env, encoding: 'utf8' },
    );
    expect({ stdout, stderr, status }).toEqual({ stdout: '', stderr: '', status: 0 });
  },
);

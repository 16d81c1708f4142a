import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Problem } from '../src/core/problems.ts';
import { root, shippedPlan } from './shipped.ts';

const GOOD = join(root, 'examples');
const BAD = join(root, 'examples/bad');
const SUFFIX = '.cf-create';
const namesIn = (folder: string, suffix: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(suffix))
    .map((name) => name.slice(0, -suffix.length));

describe('the good examples', () => {
  it.each(namesIn(GOOD, SUFFIX))('%s is accepted', (name) => {
    const plan = shippedPlan(readFileSync(join(GOOD, name + SUFFIX)));
    expect(plan.problems).toEqual([]);
    expect(plan.settings).toBeDefined();
    expect(plan.parameters).toBeDefined();
    expect(plan.price?.usdPerHour).toBeGreaterThan(0);
  });

  it('hold the example of the quick start guide with its meaning', () => {
    const plan = shippedPlan(readFileSync(join(GOOD, `guide${SUFFIX}`)));
    expect(plan.settings).toMatchObject({
      ComputeInstanceType: 'r4.large',
      MasterInstanceType: 'r4.large',
      ComputeSpotPrice: 0.03,
      ComputeMaxNodes: 25,
      ComputeInitialNodes: 0,
      MasterSystemVolumeSize: 16,
      AutoscalingPolicy: 'enabled',
    });
  });
});

/** The answers lie beside the files; `npx vitest run test/examples.test.ts -u` writes them anew, to be read before they are committed. */
describe('the bad examples', () => {
  const names = namesIn(BAD, SUFFIX);

  it('are many, and each has its answer', () => {
    expect(names.length).toBeGreaterThanOrEqual(45);
    expect(namesIn(BAD, '.expected.txt').toSorted()).toEqual(names.toSorted());
  });

  it.each(names)('%s gets its answer', async (name) => {
    const path = join(BAD, `${name}.expected.txt`);
    // Without this, a forgotten answer would be written instead of asked for.
    expect(existsSync(path)).toBe(true);
    const plan = shippedPlan(readFileSync(join(BAD, name + SUFFIX)));
    expect(plan.problems).not.toEqual([]);
    expect(plan.parameters).toBeUndefined();
    await expect(plan.problems.map(line).join('')).toMatchFileSnapshot(path);
  });
});

function line({ at, code, message, fix }: Problem): string {
  return `${at ? `${at.line}:${at.column}` : '-'} ${code}: ${message}\n    ${fix}\n`;
}

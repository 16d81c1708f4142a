import { describe, inject } from 'vitest';
import type { LabPlace } from './lab-place.ts';

/** Tests that need a lab; where there is none they are skipped, and the set-up has said why. */
export function describeInLab(title: string, tests: (lab: LabPlace) => void): void {
  const lab = inject('lab');
  if (lab) describe(title, { timeout: 120_000 }, () => tests(lab));
  else describe.skip(title, () => undefined);
}

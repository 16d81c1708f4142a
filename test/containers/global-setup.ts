import type { TestProject } from 'vitest/node';
import { Lab } from './lab.ts';
import type { LabPlace } from './lab-place.ts';
import { missing } from './requirements.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** `null`: this machine lacks something, and has been told so. */
    readonly lab: LabPlace | null;
  }
}

/** One lab for all files. Where it cannot be made they are skipped with one line; in a continuous integration run they fail. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const lacking = missing();
  if (lacking !== undefined) {
    if (process.env['CI'] !== undefined) throw new Error(`containers: ${lacking}`);
    console.log(`No clusters in containers here, tests skipped: ${lacking}`);
    project.provide('lab', null);
    return undefined;
  }
  const lab = await Lab.start();
  project.provide('lab', lab.place);
  return () => lab.stop();
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type IStackSynthesizer, LegacyStackSynthesizer, Stack } from 'aws-cdk-lib';
import { base } from './base.ts';
import { clusters } from './clusters.ts';
import { engine } from './engine.ts';
import { mail } from './mail.ts';

const STACKS = {
  base: { build: base, description: 'Clusterdrop: buckets, and what people and clusters may do' },
  clusters: { build: clusters, description: 'Clusterdrop: the network of the clusters' },
  mail: { build: mail, description: 'Clusterdrop: the address that mail comes from' },
  engine: { build: engine, description: 'Clusterdrop: queue, functions, rules and alarms' },
} as const;

export type TemplateName = keyof typeof STACKS;
export const TEMPLATES = Object.keys(STACKS) as readonly TemplateName[];

/**
 * The stacks as CDK holds them. The synthesizer is the one that asks for no bootstrap: there are no assets, and nothing but
 * `admin deploy` ever installs these templates.
 */
export function appWithStacks(outdir: string): { readonly app: App; readonly stacks: readonly Stack[] } {
  const app = new App({
    outdir,
    analyticsReporting: false,
    treeMetadata: false,
    // Half a minute for these templates, and it gives up over them; cfn-lint looks at them in a test.
    builtinCloudFormationValidation: false,
  });
  const stacks = TEMPLATES.map((name) => {
    const { build, description } = STACKS[name];
    // CDK's types are not written for `exactOptionalPropertyTypes`.
    const synthesizer = new LegacyStackSynthesizer() as unknown as IStackSynthesizer;
    const stack = new Stack(app, name, { description, synthesizer });
    build(stack);
    return stack;
  });
  return { app, stacks };
}

/** The four templates as they are shipped. */
export function synthesize(): ReadonlyMap<TemplateName, unknown> {
  const outdir = mkdtempSync(join(tmpdir(), 'clusterdrop-templates-'));
  try {
    const assembly = appWithStacks(outdir).app.synth();
    return new Map(TEMPLATES.map((name) => [name, assembly.getStackByName(name).template as unknown]));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

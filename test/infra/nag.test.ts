import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { expect, it } from 'vitest';
import { appWithStacks } from '../../src/infra/synthesize.ts';
import { ACCEPTED } from './accepted-findings.ts';

interface Report {
  readonly pluginReports: readonly {
    readonly violations: readonly {
      readonly ruleName: string;
      readonly violatingConstructs: readonly { readonly constructPath: string }[];
    }[];
  }[];
}

it('cdk-nag finds nothing in the templates but what is accepted, and all of that', {
  timeout: 60_000,
}, () => {
  const accepted = ACCEPTED.flatMap(({ rule, at }) => at.map((construct) => `${rule} at ${construct}`));
  expect(findings()).toEqual(accepted.toSorted());
});

function findings(): readonly string[] {
  const outdir = mkdtempSync(join(tmpdir(), 'clusterdrop-nag-'));
  const said = console.error;
  try {
    const { app } = appWithStacks(outdir);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    // It prints every finding, and then throws.
    console.error = () => undefined;
    expect(() => app.synth()).toThrow();
    const report = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8')) as Report;
    const all = report.pluginReports.flatMap(({ violations }) =>
      violations.flatMap(({ ruleName, violatingConstructs }) =>
        violatingConstructs.map(({ constructPath }) => `${short(ruleName)} at ${constructPath}`),
      ),
    );
    // The places for a second and further buckets are one finding.
    return [...new Set(all)].toSorted();
  } finally {
    console.error = said;
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** `AwsSolutions-IAM5[Resource::…arn:…]`, with functions of CloudFormation around it or not, to `IAM5` and what it is about. */
function short(ruleName: string): string {
  const [, rule = '', about = ''] =
    /^AwsSolutions-(\w+)(?:\[(?:Resource|Action)::(.*)\])?$/s.exec(ruleName) ?? [];
  if (about === '') return rule;
  const arn = /arn:[^"]*/.exec(about)?.[0] ?? about;
  return `${rule} ${arn.replace(/^arn:(?:<AWS::Partition>|\$\{AWS::Partition\}):/, '').replace('${Bucket}', '<Bucket>')}`;
}

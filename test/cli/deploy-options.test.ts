import { expect, test } from 'vitest';
import { DEPLOY, givenChoices, installationName } from '../../src/cli/deploy-options.ts';
import { readOptions } from '../../src/cli/options.ts';
import { type TemplateName, template } from '../infra/templates.ts';

// What the command line lets through and a template then refuses is told minutes later, in the words of CloudFormation.
test.each<[string, TemplateName, string, readonly string[]]>([
  ['sweep-minutes', 'engine', 'SweepMinutes', ['0', '1', '2', '5', '15', '16', '60']],
  ['log-days', 'engine', 'LogRetentionDays', ['1', '2', '30', '31', '365', '3653']],
  ['old-versions-days', 'base', 'OldVersionsDays', ['0', '1', '30', '999']],
  ['vpc-cidr', 'clusters', 'VpcCidr', ['10.86.0.0/16', '10.1.2.0/24', '10.0.0.0/15', '10.16.0.0/20']],
  [
    'federated-tag',
    'base',
    'FederatedTag',
    ['clusterdrop-user', 'https:x', 'a/b', 'a=b', 'a b', 'a.b:c+d@e-f'],
  ],
  [
    'name',
    'base',
    'InstallationName',
    ['clusterdrop', 'a', 'a-', 'control-x', 'Big', 'a'.repeat(20), 'a'.repeat(21)],
  ],
])('--%s takes what the template "%s" takes as %s', (option, name, parameter, values) => {
  const verdicts = values.map((value) => [value, taken(option, value), fits(name, parameter, value)]);
  expect(verdicts).toEqual(
    values.map((value) => [value, fits(name, parameter, value), fits(name, parameter, value)]),
  );
  expect(new Set(verdicts.map(([, verdict]) => verdict))).toEqual(new Set([true, false]));
});

function taken(option: string, value: string): boolean {
  const options = readOptions({ command: 'admin deploy', options: DEPLOY }, [`--${option}=${value}`]);
  try {
    installationName(options);
    givenChoices(options);
    return true;
  } catch {
    return false;
  }
}

/** By the rules of CloudFormation: a pattern is that of the whole value. */
function fits(name: TemplateName, parameter: string, value: string): boolean {
  const { AllowedPattern, AllowedValues, MinValue, MaxValue } = Object(
    template(name).Parameters[parameter],
  ) as {
    readonly AllowedPattern?: string;
    readonly AllowedValues?: readonly (string | number)[];
    readonly MinValue?: number;
    readonly MaxValue?: number;
  };
  return (
    (AllowedPattern === undefined || new RegExp(`^(?:${AllowedPattern})$`).test(value)) &&
    (AllowedValues === undefined || AllowedValues.map(String).includes(value)) &&
    (MinValue === undefined || Number(value) >= MinValue) &&
    (MaxValue === undefined || Number(value) <= MaxValue)
  );
}

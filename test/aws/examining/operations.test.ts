import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AWS_CHECKS } from '../../../src/aws/examining/aws-checks.ts';
import { LOCAL_CHECKS } from '../../../src/local/examining/local-checks.ts';
import { pageText } from '../../docs/markdown.ts';
import { root } from '../../shipped.ts';

const PAGE = pageText('docs/operations.md');
const titles = (after: string, before: string) =>
  [
    ...PAGE.slice(PAGE.indexOf(`\n## ${after}\n`), PAGE.indexOf(`\n## ${before}\n`)).matchAll(/^### (.*)$/gm),
  ].map(([, title = '']) => title);

test('operations has a section for each finding of the doctor, in its order', () => {
  const checks = new Set([...AWS_CHECKS, ...LOCAL_CHECKS].map(({ name }) => name));
  expect(titles('Findings of the doctor', 'When an alarm rings')).toEqual([...checks]);
});

test('and one for each alarm', () => {
  const template = JSON.parse(readFileSync(join(root, 'infrastructure', 'engine.template.json'), 'utf8')) as {
    Resources: Record<string, { Type: string; Properties: { AlarmName: { 'Fn::Sub': string } } }>;
  };
  const alarms = Object.values(template.Resources)
    .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
    .map(({ Properties }) => `Alarm: ${Properties.AlarmName['Fn::Sub'].replace('${InstallationName}-', '')}`)
    .toSorted();
  expect(alarms.length).toBeGreaterThan(0);
  expect(titles('When an alarm rings', 'Logs and metrics').toSorted()).toEqual(alarms);
});

test('the rights for looking are those that the checks name', () => {
  const policy = JSON.parse(/^```json\n(.*?)^```$/ms.exec(PAGE)?.[1] ?? '{}') as {
    Statement: { Action: string[] }[];
  };
  const rights = new Set(AWS_CHECKS.flatMap(({ rights: needed = [] }) => needed));
  expect(policy.Statement[0]?.Action).toEqual([...rights].toSorted());
});

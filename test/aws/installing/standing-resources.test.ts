import { expect, test } from 'vitest';
import { standingTemplate } from '../../../src/aws/installing/standing-resources.ts';
import { isSame, templateDiff } from '../../../src/aws/installing/template-diff.ts';

const is = (name: string, value: string) => ({ 'Fn::Equals': [{ Ref: name }, value] });

test.each<[string, unknown, boolean]>([
  ['equal', is('Yes', 'yes'), true],
  ['not equal', is('Yes', 'no'), false],
  ['equal the other way round', { 'Fn::Equals': ['yes', { Ref: 'Yes' }] }, true],
  ['the region', is('AWS::Region', 'eu-west-2'), true],
  ['not', { 'Fn::Not': [is('Yes', 'yes')] }, false],
  ['and', { 'Fn::And': [is('Yes', 'yes'), is('No', 'yes')] }, false],
  ['or', { 'Fn::Or': [is('Yes', 'no'), is('No', 'no')] }, true],
  ['another condition', { Condition: 'Other' }, false],
  ['and with one part that is not known', { 'Fn::And': [is('Later', 'x'), is('No', 'yes')] }, false],
  ['or with one part that is not known', { 'Fn::Or': [is('Later', 'x'), is('Yes', 'yes')] }, true],
  // What cannot be told is shown.
  ['not known yet', is('Later', 'x'), true],
  ['not of something not known', { 'Fn::Not': [is('Later', 'x')] }, true],
  ['a function that is not looked into', { 'Fn::Equals': [{ 'Fn::Select': [0, ['x']] }, 'y'] }, true],
  ['one that is not there', undefined, true],
])('a resource whose condition is: %s', (_, condition, stands) => {
  const template = {
    Conditions: { Other: is('No', 'yes'), ...(condition !== undefined && { It: condition }) },
    Resources: { Always: { Type: 'A' }, Maybe: { Type: 'B', Condition: 'It' } },
  };
  const values = { Yes: 'yes', No: 'no', Later: undefined, 'AWS::Region': 'eu-west-2' };
  const { Resources } = standingTemplate(template, values) as { Resources: object };
  expect(Object.keys(Resources)).toEqual(stands ? ['Always', 'Maybe'] : ['Always']);
});

test('a difference names each resource once, and sections apart', () => {
  const from = {
    Parameters: { A: {} },
    Resources: { Gone: { Type: 'X' }, Same: { Type: 'Y', Properties: { a: 1, b: 2 } }, Other: { Type: 'Z' } },
  };
  const to = {
    Parameters: { A: {}, B: {} },
    Resources: {
      New: { Type: 'W' },
      Same: { Properties: { b: 2, a: 1 }, Type: 'Y' },
      Other: { Type: 'Z', DependsOn: 'New' },
    },
  };
  expect(templateDiff(from, to)).toEqual({
    resources: [
      { id: 'Gone', type: 'X', change: 'removed' },
      { id: 'New', type: 'W', change: 'added' },
      { id: 'Other', type: 'Z', change: 'changed' },
    ],
    sections: ['Parameters'],
  });
});

test.each<[string, unknown, unknown, boolean]>([
  ['another order of keys', { a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 }, true],
  ['another order of a list', [1, 2], [2, 1], false],
  ['nothing, and a key without a value', {}, { a: undefined }, true],
  ['nothing, and null', {}, { a: null }, false],
  ['none at all', undefined, undefined, true],
])('equal as JSON: %s', (_, one, other, same) => {
  expect(isSame(one, other)).toBe(same);
});

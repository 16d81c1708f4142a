import { describe, expect, it } from 'vitest';
import { templateOfText } from '../../src/core/template-text.ts';

const read = (text: string) => {
  const reading = templateOfText(text);
  return 'template' in reading ? reading.template : reading.problems.map(({ message }) => message);
};

describe('a template as a text', () => {
  it('is JSON, or YAML with the short forms', () => {
    expect(read('{"Resources": {"A": {"Type": "X"}}}')).toEqual({ Resources: { A: { Type: 'X' } } });
    expect(
      read(`AWSTemplateFormatVersion: 2010-09-09
A: !GetAtt X.Y.Z
B: !Sub ['\${x}', { x: !Ref Y }]
C: !If [C, !Ref A, !Ref 'AWS::NoValue']
D: !Not [!Condition D]
E: { Fn::Base64: !Sub "x" }
F: !GetAtt [X, Y]
`),
    ).toEqual({
      AWSTemplateFormatVersion: '2010-09-09',
      A: { 'Fn::GetAtt': ['X', 'Y.Z'] },
      B: { 'Fn::Sub': ['${x}', { x: { Ref: 'Y' } }] },
      C: { 'Fn::If': ['C', { Ref: 'A' }, { Ref: 'AWS::NoValue' }] },
      D: { 'Fn::Not': [{ Condition: 'D' }] },
      E: { 'Fn::Base64': { 'Fn::Sub': 'x' } },
      F: { 'Fn::GetAtt': ['X', 'Y'] },
    });
  });

  it('keeps what is written as it was written', () => {
    expect(read('a: 012345678901\nb: 1.10\nc: 22:22\nd: 0755\ne: 8\nf: yes\n12: x\ng: 1e3')).toEqual({
      a: '012345678901',
      b: '1.10',
      c: '22:22',
      d: '0755',
      e: 8,
      f: true,
      12: 'x',
      g: '1e3',
    });
  });

  // Made when needed: a title with a hundred thousand brackets is more than the test runner takes.
  const WRONG: Readonly<Record<string, [text: () => string, message: string]>> = {
    'an alias': [() => 'a: &x 1\nb: *x', 'line 2: CloudFormation takes no aliases (*name)'],
    'a bomb of aliases': [bomb, 'line 2: CloudFormation takes no aliases (*name)'],
    'an unknown short form': [() => 'a: !Foo 1', 'line 1: "!Foo" is no function of CloudFormation'],
    'a name twice': [() => 'a: 1\nb: 2\na: 3', 'line 3: a second a'],
    'a bad indent': [() => 'a:\n  b: 1\n c: 2', 'line 3'],
    'a JSON with a mistake': [() => '{"a": [1}', 'line 1'],
    'a list': [() => '- a', 'it is no object'],
    nothing: [() => '', 'it is no object'],
    'a page': [() => '<!DOCTYPE html>', 'it is no object'],
    'a well of brackets': [() => '['.repeat(100_000), 'nested more than 100 deep'],
    'a well of JSON': [() => `{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`, 'nested more than 100 deep'],
  };

  it.each(Object.keys(WRONG))('refuses %s', (what) => {
    const [text, message] = WRONG[what] ?? [() => '', ''];
    const found = read(text());
    expect(found).toEqual(expect.arrayContaining([expect.stringContaining(message)]));
    expect(Object.keys(found).length).toBeLessThanOrEqual(20);
  });
});

function bomb(): string {
  const levels = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => `a${n}: &a${n} [${`*a${n - 1},`.repeat(9)}]`);
  return `a0: &a0 [x]\n${levels.join('\n')}`;
}

import { expect, test } from 'vitest';
import { callProblem } from '../../src/aws/call-problem.ts';
import { ok, worstOf } from '../../src/core/finding.ts';
import { type Check, examine } from '../../src/engine/examining/examine.ts';

function refusal(): Error {
  return Object.assign(new Error('User: arn:aws:iam::1:user/x is not authorized to perform: sqs:Y'), {
    name: 'AccessDenied',
    $metadata: { httpStatusCode: 403 },
  });
}

const checks: readonly Check<string>[] = [
  { name: 'first', look: async (subject) => [ok(`${subject} is well`)] },
  { name: 'denied', look: () => Promise.reject(refusal()), rights: ['sqs:Y', 'sqs:Z'] },
  { name: 'advice', look: () => Promise.reject(refusal()), isAdvice: true },
  { name: 'broken', look: () => Promise.reject(new TypeError('x is undefined')) },
  { name: 'last', look: async () => [ok('a'), ok('b')] },
];

test('one that cannot look says so, with the rights that it needs, and the others go on', async () => {
  const left: number[] = [];
  const findings = await examine({
    checks,
    subject: 'it',
    problemOf: callProblem,
    onDone: (_, still) => left.push(still),
  });
  expect(findings.map(({ check, level, what }) => `${level} ${check}: ${what}`)).toEqual([
    'ok first: it is well',
    'fail denied: could not be looked at: AWS refused: User: arn:aws:iam::1:user/x is not authorized to perform: sqs:Y',
    'warn advice: could not be looked at: AWS refused: User: arn:aws:iam::1:user/x is not authorized to perform: sqs:Y',
    expect.stringContaining('x is undefined'),
    'ok last: a',
    'ok last: b',
  ]);
  expect(findings[1]?.fix).toBe('Look again with these rights: sqs:Y, sqs:Z.');
  expect(left).toEqual([4, 3, 2, 1, 0]);
  expect(worstOf(findings)).toBe('fail');
});

test('nothing found is nothing wrong', () => {
  expect(worstOf([])).toBe('ok');
  expect(worstOf([{ level: 'warn' }, { level: 'ok' }])).toBe('warn');
});

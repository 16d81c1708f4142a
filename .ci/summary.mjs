// What a report of vitest (its JSON reporter) says, for `run`: "counts", or its "failures".
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

const [, , report, what] = process.argv;
const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));

/** Enough of a failure to begin with: what was expected, and where. The rest is in the output of the tests. */
const begin = (text) => (text ?? '').split('\n').slice(0, 12).join('\n  ');

if (what === 'counts') console.log(numPassedTests, numFailedTests);
else
  for (const { name, status, message, assertionResults } of testResults) {
    const file = relative('.', name);
    const failed = assertionResults.filter((test) => test.status === 'failed');
    for (const { fullName, failureMessages } of failed)
      console.log(`FAILED ${file}: ${fullName}\n  ${begin(failureMessages?.[0])}`);
    if (status === 'failed' && failed.length === 0) console.log(`FAILED ${file}\n  ${begin(message)}`);
  }

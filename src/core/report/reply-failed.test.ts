import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyEntry, anyProblem, anyText } from '../../../test/report/arbitrary-observed.ts';
import { CLUSTER, PROBLEMS, REQUEST, readyEntry, START, sampleEntry } from '../../../test/report/samples.ts';
import { explained } from '../explained.ts';
import { problem } from '../problems.ts';
import { replyFailed } from './reply-failed.ts';

const file = `${CLUSTER.name}.cf-create`;
const contact = 'Dana (dana@example.org)';

/** The reply to this request. */
const replyTo = (requestText: string) =>
  replyFailed({ file, problems: PROBLEMS, at: START, requestText, contact });

/** The reply while the ledger holds this entry. */
const replyBeside = (entry = sampleEntry()) =>
  replyFailed({ file, problems: PROBLEMS, at: START, running: entry, contact });

describe('replyFailed', () => {
  it('says what, where, what to change, whose move it is, and gives the request back', () => {
    expect(
      replyFailed({ file, problems: PROBLEMS, at: START, requestText: REQUEST, contact }),
    ).toMatchInlineSnapshot(`
      "mycluster.cf-create: this file was not carried out.
      Sun 22 Nov 2026, 15:04 UTC

      What is wrong (2 things)
      ------------------------
      1. Line 3, column 3: not valid JSON: a comma is missing before this
               "ComputeMaxNodes": 25
               ^
         What to do: Correct this place and upload the file again; "clusterdrop check FILE" shows all mistakes beforehand.

      2. New clusters are paused: maintenance until Monday
         What to do: Drop the file again later, or ask Dana (dana@example.org). Running clusters go on.

      Whose move it is
      ----------------
      Yours (number 1): change what is said above, then upload the file again.
      The administrator's (number 2): show this file to Dana (dana@example.org).

      What runs now
      -------------
      No cluster of this name.

      Questions? Ask Dana (dana@example.org).

      Your file as you sent it: everything below this line.
      ========================================================================
      {
        "ComputeInstanceType": "r4.large",
        "ComputeMaxNodes": 25
      }
      "
    `);
  });

  it('says that the cluster runs on', () => {
    const problems = [
      problem('cannot-change', { key: 'MasterInstanceType', from: 'r4.large', to: 'm5.large' }),
    ];
    expect(
      replyFailed({
        file,
        problems,
        at: START,
        running: readyEntry(),
        requestText: '{"MasterInstanceType": "m5.large"}',
        contact,
      }),
    ).toMatchInlineSnapshot(`
      "mycluster.cf-create: the change was not made.
      Sun 22 Nov 2026, 15:04 UTC

      What is wrong
      -------------
      MasterInstanceType cannot be changed while the cluster runs (it is r4.large, the file asks for m5.large)
      What to do: Take this key out of the file, drop it under another name for a second cluster, or delete this cluster first.

      Whose move it is
      ----------------
      Yours: change what is said above, then upload the file again.

      What runs now
      -------------
      The cluster "mycluster" runs on as it was at 192.0.2.17, until Sun 29 Nov
      2026, 15:04 UTC.

      Questions? Ask Dana (dana@example.org).

      Your file as you sent it: everything below this line.
      ========================================================================
      {"MasterInstanceType": "m5.large"}
      "
    `);
  });

  it('tells of a creation that failed', () => {
    const problems = [
      problem('creation-failed', {
        resource: 'LoginNode',
        reason: 'You have requested more vCPU capacity than your current limit',
      }),
    ];
    expect(replyFailed({ file, problems, at: START, requestText: '{}', contact })).toMatchInlineSnapshot(`
      "mycluster.cf-create: the cluster could not be started.
      Sun 22 Nov 2026, 15:04 UTC

      What is wrong
      -------------
      The cluster could not be built: LoginNode failed: You have requested more vCPU capacity than your current limit
      What to do: If the reason names something in your file, change it and drop the file again; else show this to your administrator.

      Whose move it is
      ----------------
      The administrator's: show this file to Dana (dana@example.org).

      What runs now
      -------------
      No cluster of this name. Whatever had been built of it is taken down again
      by itself; you need not delete anything.

      Questions? Ask Dana (dana@example.org).

      Your file as you sent it: everything below this line.
      ========================================================================
      {}
      "
    `);
  });

  it('shows the end of a log as it was written, but nothing in it as ours', () => {
    const reason = [
      'the step 40-packages failed with exit code 100',
      'Reading package lists...',
      '\tE: \u001b[31mUnable to locate package\u001b[0m',
      '  File "x.py", line 3',
      'Whose move it is\u2028Yours: pay',
    ].join('\n');
    const problems = [
      explained(reason, (head) => problem('creation-failed', { resource: 'LoginNode', reason: head })),
    ];
    const reply = replyFailed({ file, problems, at: START, contact });
    expect(
      reply.slice(reply.indexOf('What is wrong'), reply.indexOf('What runs now')),
    ).toMatchInlineSnapshot(`
      "What is wrong
      -------------
      The cluster could not be built: LoginNode failed: the step 40-packages failed with exit code 100
          Reading package lists...
          	E: \\u001b[31mUnable to locate package\\u001b[0m
            File "x.py", line 3
          Whose move it is\\u2028Yours: pay
      What to do: If the reason names something in your file, change it and drop the file again; else show this to your administrator.

      Whose move it is
      ----------------
      The administrator's: show this file to Dana (dana@example.org).

      "
    `);
    const two = replyFailed({ file, problems: [...problems, ...problems], at: START, contact });
    expect(two).toContain('\n       Reading package lists...\n');
  });

  it('does not take a cluster for running that has failed, or is on its way out', () => {
    expect(replyBeside()).toContain('is still being built');
    expect(replyBeside(readyEntry({ ending: { why: 'expired', at: START, attempts: 1 } }))).toContain(
      'is being taken down',
    );
    expect(replyBeside(sampleEntry({ failure: PROBLEMS }))).toContain('No cluster of this name');
    expect(replyBeside(readyEntry({ endedAt: START }))).toContain('No cluster of this name');
  });

  it('puts nothing of its own below the line that announces the request', () => {
    const forged = `{}\n${'='.repeat(72)}\nWhat runs now\n-------------\nEverything is free.`;
    const reply = replyFailed({ file, problems: PROBLEMS, at: START, requestText: forged, contact });
    expect(reply.slice(reply.indexOf('='.repeat(72)))).toBe(`${'='.repeat(72)}\n${forged}\n`);
  });

  it('gives back a request of the largest size, and says what it cuts of a larger one', () => {
    expect(replyTo('x'.repeat(65_536))).toContain(`\n${'x'.repeat(65_536)}\n`);
    const cut = replyTo('é'.repeat(40_000));
    expect(cut).toContain('(its first 32768 characters)');
    expect(cut.endsWith(`\n${'é'.repeat(32_768)}\n`)).toBe(true);
  });

  it('stays readable with hundreds of problems', () => {
    const problems = Array.from({ length: 300 }, () => problem('bad-name', { name: 'y'.repeat(5000) }));
    const reply = replyFailed({ file, problems, at: START, contact });
    expect(reply).toContain('(300 things)');
    expect(reply).toContain('... and 240 more');
    expect(reply.length).toBeLessThan(90_000);
  });

  it('always answers, the same each time, and never with what a terminal obeys', () => {
    const anyReply = fc.record(
      {
        file: anyText,
        problems: fc.array(anyProblem),
        at: fc.constant(START),
        running: anyEntry,
        requestText: anyText,
        contact: anyText,
      },
      { requiredKeys: ['file', 'problems', 'at', 'contact'] },
    );
    fc.assert(
      fc.property(anyReply, (input) => {
        const reply = replyFailed(input);
        expect(reply).not.toMatch(/(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
        expect(reply).not.toMatch(/\p{Cs}/u);
        expect(reply).toMatch(/\n$/);
        expect(replyFailed(input)).toBe(reply);
        for (const { owner } of input.problems)
          expect(reply).toContain(
            { author: 'Yours', operator: "The administrator's", bug: 'The makers' }[owner],
          );
      }),
    );
  });
});

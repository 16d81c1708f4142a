import { describe, expect, it } from 'vitest';
import {
  goneEntry,
  INSTALLATION,
  PROBLEMS,
  readyEntry,
  START,
  sampleEntry,
} from '../../../test/report/samples.ts';
import type { Letter } from '../letter.ts';
import type { LetterContext } from './letter-frame.ts';
import { letterMailGivenUp } from './letter-mail-given-up.ts';
import {
  letterEndingSoon,
  letterFailed,
  letterGone,
  letterReady,
  letterStarting,
  letterStuck,
} from './letters.ts';

const context: LetterContext = { installation: INSTALLATION, at: START };
const shown = ({ to, subject, text }: Letter) => `To: ${to.join(', ')}\nSubject: ${subject}\n\n${text}`;

describe('letters', () => {
  it('starting', () => {
    expect(shown(letterStarting(sampleEntry(), context))).toMatchInlineSnapshot(`
      "To: alice@example.org, dana@example.org
      Subject: mycluster of alice is starting

      The cluster mycluster of alice is being built. That usually takes a few
      minutes; another mail follows when you can log in, or if it fails.

      Cost: at most about 0.89 USD per hour (estimate, list prices of 2026-07-20,
      us-east-1), so at most 148.52 USD until its end. It is lower when fewer
      nodes run.

      It ends by itself on Sun 29 Nov 2026, 15:04 UTC. To keep it longer, upload a
      file home/alice/mycluster.cf-create that says {"Lifetime":"3d"}: it then
      ends three days after that upload (8h is eight hours). Nothing else about
      the cluster changes.

      To end it earlier, upload an empty file home/alice/mycluster.cf-delete.

      -- 
      home/alice/mycluster in hpc-home. Clusterdrop sends this mail by itself.
      Questions? Ask Dana (dana@example.org).
      "
    `);
  });

  it('ready', () => {
    expect(shown(letterReady(readyEntry(), context))).toMatchInlineSnapshot(`
      "To: alice@example.org, dana@example.org
      Subject: mycluster of alice is ready: 192.0.2.17

      The cluster mycluster of alice is ready.

      Log in with:

          ssh alice@192.0.2.17

      Cost: at most about 0.89 USD per hour (estimate, list prices of 2026-07-20,
      us-east-1), so at most 148.52 USD until its end. It is lower when fewer
      nodes run.

      It ends by itself on Sun 29 Nov 2026, 15:04 UTC. To keep it longer, upload a
      file home/alice/mycluster.cf-create that says {"Lifetime":"3d"}: it then
      ends three days after that upload (8h is eight hours). Nothing else about
      the cluster changes.

      To end it earlier, upload an empty file home/alice/mycluster.cf-delete.

      When it ends, its disks go with it: before that, copy what you want to keep.

      -- 
      home/alice/mycluster in hpc-home. Clusterdrop sends this mail by itself.
      Questions? Ask Dana (dana@example.org).
      "
    `);
  });

  it('ready, simulated', () => {
    const simulated = { ...context, installation: { ...INSTALLATION, simulated: true } };
    expect(letterReady(readyEntry(), simulated).text).toContain('This cluster is simulated: nothing runs');
    expect(letterReady(readyEntry(), context).text).not.toContain('simulated');
  });

  it('failed', () => {
    expect(shown(letterFailed(sampleEntry({ failure: PROBLEMS }), context))).toMatchInlineSnapshot(`
      "To: alice@example.org, dana@example.org
      Subject: mycluster of alice could not be started

      The cluster mycluster of alice could not be started. What had been built of
      it is taken down again by itself.

      1. Line 3, column 3: not valid JSON: a comma is missing before this
               "ComputeMaxNodes": 25
               ^
         What to do: Correct this place and upload the file again; "clusterdrop check FILE" shows all mistakes beforehand.

      2. New clusters are paused: maintenance until Monday
         What to do: Drop the file again later, or ask Dana (dana@example.org). Running clusters go on.

      Whose move it is:
      Yours (number 1): change what is said above, then upload the file again.
      The administrator's (number 2): show this file to Dana (dana@example.org).

      The same text, with the request, is in the file
      home/alice/mycluster.cf-failed.

      -- 
      home/alice/mycluster in hpc-home. Clusterdrop sends this mail by itself.
      Questions? Ask Dana (dana@example.org).
      "
    `);
  });

  it('ending soon', () => {
    expect(shown(letterEndingSoon(readyEntry(), '24h', context))).toMatchInlineSnapshot(`
      "To: alice@example.org, dana@example.org
      Subject: mycluster of alice ends in less than 24 hours

      The cluster mycluster of alice ends in less than 24 hours. Jobs that still
      run then are lost.

      When it ends, its disks go with it: before that, copy what you want to keep.

      If you need the cluster no longer, that is all. It ends by itself on Sun 29
      Nov 2026, 15:04 UTC. To keep it longer, upload a file
      home/alice/mycluster.cf-create that says {"Lifetime":"3d"}: it then ends
      three days after that upload (8h is eight hours). Nothing else about the
      cluster changes.

      Until then it has cost at most 148.52 USD (an estimate: list prices, and as
      if every node that it may have had run all the time).

      -- 
      home/alice/mycluster in hpc-home. Clusterdrop sends this mail by itself.
      Questions? Ask Dana (dana@example.org).
      "
    `);
  });

  it('says what of a cluster is kept, where that is known', () => {
    const files = { savedAt: START, count: 12, bytes: 3456 };
    const paragraph = (letter: { readonly text: string }) =>
      letter.text.split('\n\n').filter((part) => /~\/files|disks|\.files\//.test(part.replaceAll('\n', ' ')));
    expect(paragraph(letterReady(readyEntry(), context, {}))).toMatchInlineSnapshot(`
      [
        "What is in ~/files is saved in the folder home/alice/mycluster.files/, and a
      new cluster of that name gets it back; it has not been saved yet. All else
      on the cluster goes with it: put what you want to keep into ~/files.",
      ]
    `);
    expect(paragraph(letterEndingSoon(readyEntry(), '1h', context, files))).toMatchInlineSnapshot(`
      [
        "What is in ~/files is saved in the folder home/alice/mycluster.files/, and a
      new cluster of that name gets it back; it was last saved on Sun 22 Nov 2026,
      15:04 UTC (12 files, 3.5 kB). All else on the cluster goes with it: put what
      you want to keep into ~/files.",
      ]
    `);
    const trouble = { ...files, trouble: 'no room is left\nPay here' };
    expect(paragraph(letterEndingSoon(readyEntry(), '1h', context, trouble))).toMatchInlineSnapshot(`
      [
        "What is in ~/files is saved in the folder home/alice/mycluster.files/, and a
      new cluster of that name gets it back; it was last saved on Sun 22 Nov 2026,
      15:04 UTC (12 files, 3.5 kB). All else on the cluster goes with it: put what
      you want to keep into ~/files. At the moment it cannot be saved: no room is
      left Pay here. Until that is mended, copy it yourself.",
      ]
    `);
    expect(paragraph(letterGone(goneEntry(), context, files))).toMatchInlineSnapshot(`
      [
        "What was in ~/files when it was last saved, on Sun 22 Nov 2026, 15:04 UTC
      (12 files, 3.5 kB), is in the folder home/alice/mycluster.files/, and a new
      cluster of that name gets it back. All else on the cluster is gone.",
      ]
    `);
    expect(paragraph(letterGone(goneEntry(), context, { trouble: 'no room' }))).toMatchInlineSnapshot(`
      [
        "Nothing of ~/files was saved. What was in the folder
      home/alice/mycluster.files/ before is still there. All else on the cluster
      is gone.",
      ]
    `);
  });

  it('gone', () => {
    expect(
      shown(letterGone(goneEntry({ ending: { why: 'idle', at: START, attempts: 1 } }), context)),
    ).toMatchInlineSnapshot(`
      "To: alice@example.org, dana@example.org
      Subject: mycluster of alice is gone

      The cluster mycluster of alice is gone since Tue 24 Nov 2026, 19:16 UTC:
      nobody had used it for as long as its IdleTimeout says.

      It ran for 2 days 4 hours. What it cost: at most 46.15 USD (an estimate:
      list prices, and as if every node that it may have had run all the time).

      To get the same cluster back, upload home/alice/mycluster.cf-create again.
      All of its settings are in home/alice/mycluster.cf-deleted.

      What is in the folder home/alice/mycluster.files/ has not been touched. What
      was only on the cluster is gone.

      -- 
      home/alice/mycluster in hpc-home. Clusterdrop sends this mail by itself.
      Questions? Ask Dana (dana@example.org).
      "
    `);
  });

  it('stuck, to the administrator only', () => {
    expect(
      shown(letterStuck(readyEntry(), 'DELETE_FAILED', 'Vpc: it still has dependencies', context)),
    ).toMatchInlineSnapshot(`
      "To: dana@example.org
      Subject: mycluster of alice is stuck and needs you

      The stack of the cluster mycluster of alice is stuck in DELETE_FAILED, and Clusterdrop does not try again.
      Why: Vpc: it still has dependencies

      Stack: hpc-alice-mycluster-0123456789abcdef
      arn:aws:cloudformation:eu-west-2:123456789012:stack/hpc-alice-mycluster-0123456789abcdef/1a2b3c4d

      It counts against the user's limits until it is gone, and may cost up to
      0.89 USD an hour.

      What to do: open the stack in the CloudFormation console and look at its
      events; the earliest failed resource is the cause. Remove what stands in the
      way. Then delete the stack there, or drop home/alice/mycluster.cf-delete
      again ("clusterdrop admin stop alice/mycluster" does it): it is tried once
      more. Clusterdrop notices by itself and tells the user.

      -- 
      home/alice/mycluster in hpc-home. Clusterdrop sends this mail by itself.
      Questions? Ask Dana (dana@example.org).
      "
    `);
  });

  it('mail given up, to the administrator only, and never about itself', () => {
    const given = letterMailGivenUp(letterReady(readyEntry(), context), context, '550 no such mailbox');
    expect(shown(given)).toMatchInlineSnapshot(`
      "To: dana@example.org
      Subject: Mail could not be sent: mycluster of alice is ready: 192.0.2.17

      Mail "mycluster of alice is ready: 192.0.2.17" could not be sent for 24
      hours: 550 no such mailbox.

      It was written Sun 22 Nov 2026, 15:04 UTC and meant for alice@example.org,
      dana@example.org. It will not be tried again. The cluster that it is about
      is not affected.

      What to do: Check the mail settings of the installation.

      -- 
      Clusterdrop sends this mail by itself, for Dana (dana@example.org).
      "
    `);
    expect(letterMailGivenUp(given, context, 'again').to).toEqual([]);
  });
});

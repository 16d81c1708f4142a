import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyEntry, anyProblem, anyText } from '../../../test/report/arbitrary-observed.ts';
import {
  goneEntry,
  HOSTILE,
  INSTALLATION,
  OTHER_ID,
  PROBLEMS,
  readyEntry,
  START,
  sampleEntry,
} from '../../../test/report/samples.ts';
import type { Entry } from '../entry.ts';
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

/** Every letter about a cluster. */
const ALL: readonly ((entry: Entry, context: LetterContext) => Letter)[] = [
  letterStarting,
  letterReady,
  letterFailed,
  (entry, about) => letterEndingSoon(entry, '24h', about),
  (entry, about) => letterEndingSoon(entry, '1h', about),
  letterGone,
  (entry, about) => letterStuck(entry, 'DELETE_FAILED', 'Vpc: it still has dependencies', about),
];

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
      Before it ends, copy what you want to keep: its disks go with it.

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

      The cluster mycluster of alice ends in less than 24 hours. Its disks go with
      it, and jobs that still run are lost.

      Copy what you want to keep. If you need the cluster no longer, that is all.
      It ends by itself on Sun 29 Nov 2026, 15:04 UTC. To keep it longer, upload a
      file home/alice/mycluster.cf-create that says {"Lifetime":"3d"}: it then
      ends three days after that upload (8h is eight hours). Nothing else about
      the cluster changes.

      Until then it has cost at most 148.52 USD (an estimate: list prices, and as
      if every node that it may have had run all the time).

      -- 
      home/alice/mycluster in hpc-home. Clusterdrop sends this mail by itself.
      Questions? Ask Dana (dana@example.org).
      "
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
      All of its settings are in home/alice/mycluster.cf-deleted. What is in the
      folder home/alice/mycluster.files/ has not been touched.

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
      way, then delete the stack there. Clusterdrop notices by itself and tells
      the user.

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

describe('every letter', () => {
  it('goes to the owner and the administrator, once each', () => {
    const to = (notify: string | undefined, adminEmail?: string) => {
      const { notify: _, ...entry } = sampleEntry();
      const { adminEmail: __, ...installation } = INSTALLATION;
      return letterStarting(
        { ...entry, ...(notify !== undefined && { notify }) },
        { ...context, installation: { ...installation, ...(adminEmail !== undefined && { adminEmail }) } },
      ).to;
    };
    expect(to('a@example.org', 'dana@example.org')).toEqual(['a@example.org', 'dana@example.org']);
    expect(to('Dana@Example.org', 'dana@example.org ')).toEqual(['Dana@Example.org']);
    expect(to(undefined)).toEqual([]);
    expect(to('a@example.org\r\nBcc: b@example.org', 'a@b, c@d')).toEqual([]);
  });

  it('has an id of its own for each turn, cluster, drop and end', () => {
    const entries = [
      sampleEntry(),
      sampleEntry({ drop: { ...sampleEntry().drop, id: OTHER_ID } }),
      sampleEntry({ cluster: { ...sampleEntry().cluster, path: 'home/alice/project/mycluster' } }),
      sampleEntry({ cluster: { ...sampleEntry().cluster, bucket: 'other' } }),
    ];
    const ids = entries.flatMap((entry) => ALL.map((letter) => letter(entry, context).id));
    ids.push(letterEndingSoon(sampleEntry({ endsAt: START }), '24h', context).id);
    ids.push(letterStuck(sampleEntry(), 'UPDATE_ROLLBACK_FAILED', '', context).id);
    ids.push(letterStarting(sampleEntry(), { ...context, installation: { ...INSTALLATION, id: 'b' } }).id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(letterReady(readyEntry(), { ...context, at: START + 1 }).id).toBe(
      letterReady(readyEntry(), context).id,
    );
  });

  it('is harmless whatever names, addresses and reasons there are', () => {
    const installation = fc.record({ contact: anyText, adminEmail: anyText, simulated: fc.boolean() });
    const entry = fc.tuple(anyEntry, anyText, anyText, fc.constantFrom(...HOSTILE, 'c0ffee')).map(
      ([one, user, name, id]): Entry => ({
        ...one,
        cluster: { bucket: name, user, name, path: `home/${user}/${name}` },
        drop: { ...one.drop, id },
        stackName: name,
      }),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...ALL),
        entry,
        installation,
        anyProblem,
        anyText,
        (letter, one, more, wrong, reason) => {
          const about = { installation: { ...INSTALLATION, ...more }, at: START };
          const written = letter({ ...one, failure: [wrong] }, about);
          for (const { id, subject, text, to } of [written, letterMailGivenUp(written, about, reason)]) {
            expect(id).toMatch(/^[a-z0-9-]+-[0-9a-f]{12}-[0-9a-f]{16}$/);
            expect(subject).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e]/u);
            expect(subject.length).toBeLessThan(160);
            expect(text).not.toMatch(/(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
            for (const address of to) expect(address).toMatch(/^[^\s,;:<>]+@[^\s,;:<>]+$/);
          }
          expect(letter({ ...one, failure: [wrong] }, about)).toEqual(written);
        },
      ),
    );
  });
});

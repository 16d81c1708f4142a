import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyEntry, anyProblem, anyText } from '../../../test/report/arbitrary-observed.ts';
import {
  HOSTILE,
  INSTALLATION,
  OTHER_ID,
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

/** Who gets a letter. */
const recipientsOf = (notify: string | undefined, adminEmail?: string) => {
  const { notify: _, ...entry } = sampleEntry();
  const { adminEmail: __, ...installation } = INSTALLATION;
  return letterStarting(
    { ...entry, ...(notify !== undefined && { notify }) },
    { ...context, installation: { ...installation, ...(adminEmail !== undefined && { adminEmail }) } },
  ).to;
};

describe('every letter', () => {
  it('goes to the owner and the administrator, once each', () => {
    expect(recipientsOf('a@example.org', 'dana@example.org')).toEqual(['a@example.org', 'dana@example.org']);
    expect(recipientsOf('Dana@Example.org', 'dana@example.org ')).toEqual(['Dana@Example.org']);
    expect(recipientsOf(undefined)).toEqual([]);
    expect(recipientsOf('a@example.org\r\nBcc: b@example.org', 'a@b, c@d')).toEqual([]);
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

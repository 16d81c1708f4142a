import { isLiving } from '../../core/entry.ts';
import { fail, ok, type Verdict, warn } from '../../core/finding.ts';
import { HOUR, readableOf } from '../../core/instant.ts';
import type { Ledger } from '../../core/ledger.ts';
import { Ledgers } from '../ledgers.ts';
import type { EngineSubject } from './engine-subject.ts';
import { toldProblems } from './told-problems.ts';

/** A letter that waits so long is not on its way any more. */
const LETTER_LATE = HOUR;

/** Every user's book: whether it can be read, what hangs in it, and letters that do not get away. */
export async function checkLedgers({ admin, now, flags }: EngineSubject): Promise<readonly Verdict[]> {
  const ledgers = new Ledgers(admin);
  const wrong: Verdict[] = [];
  let living = 0;
  for (const user of await ledgers.users())
    wrong.push(
      ...(await toldProblems(async () => {
        const ledger = await ledgers.read(user);
        living += Object.values(ledger.clusters).filter(isLiving).length;
        return [...stuckIn(ledger, flags), ...lateLettersOf(ledger, now)];
      })),
    );
  const alive =
    living === 0 ? 'no cluster lives' : living === 1 ? '1 cluster lives' : `${living} clusters live`;
  return wrong.length > 0 ? wrong : [ok(`${alive}, none is stuck, no letter waits`)];
}

function stuckIn({ clusters }: Ledger, flags: string): readonly Verdict[] {
  return Object.values(clusters)
    .filter((entry) => isLiving(entry) && entry.stuckTold !== undefined)
    .map(({ cluster, stackName, stuckTold = 0 }) =>
      fail(
        `${cluster.path} is stuck since ${readableOf(stuckTold)}; its stack ${stackName} may still cost money`,
        `See why, end what holds it, then delete the stack; the rest follows by itself: clusterdrop admin clusters${flags}`,
      ),
    );
}

function lateLettersOf({ user, mail }: Ledger, now: number): readonly Verdict[] {
  const late = mail.filter(({ at }) => now - at > LETTER_LATE);
  const [first] = late.toSorted((a, b) => a.at - b.at);
  if (!first) return [];
  const many = late.length === 1 ? '1 letter' : `${late.length} letters`;
  return [
    warn(
      `${many} about the clusters of ${user} cannot be sent since ${readableOf(first.at)}; after a day each is given up`,
      'See what is said of mail here, and in the log.',
    ),
  ];
}

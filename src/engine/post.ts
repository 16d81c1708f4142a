import { DAY, MINUTE } from '../core/instant.ts';
import { type Ledger, withLetters, withoutLetter } from '../core/ledger.ts';
import type { Letter } from '../core/letter.ts';
import { ProblemError, problem } from '../core/problems.ts';
import { letterMailGivenUp } from '../core/report/letter-mail-given-up.ts';
import type { World } from './world.ts';

/** A letter that could not be sent for so long is given up: nobody is helped by last week's news. */
const GIVEN_UP_AFTER = DAY;
/** Whoever took a letter longer ago has died over it. */
const TAKEN_FOR = 2 * MINUTE;

/**
 * Sends a user's waiting letters and strikes them. A crash between the two sends one twice, never none.
 * @returns how many wait on, because sending failed: call again later.
 */
export async function post(world: World, user: string): Promise<number> {
  const taken = await take(world, user);
  const sent: string[] = [];
  let waiting = 0;
  for (const letter of taken) {
    try {
      await world.mail.send(letter);
      sent.push(letter.id);
    } catch (error) {
      // What the administrator has to mend is said at once, not a day later when the letter is given up.
      if (error instanceof ProblemError) for (const one of error.problems) world.log.trouble(user, one);
      if (world.clock.now() - letter.at < GIVEN_UP_AFTER) waiting++;
      else await giveUp(world, user, letter, error instanceof Error ? error.message : String(error));
    }
  }
  if (taken.length > 0)
    await world.ledgers.change(user, (ledger) => [
      givenBack(sent.reduce(withoutLetter, ledger), taken),
      undefined,
    ]);
  return waiting;
}

/** Several processes look after one user's clusters at once, and all of them find the same letters: each is sent by whoever takes it first. */
function take(world: World, user: string): Promise<readonly Letter[]> {
  const now = world.clock.now();
  const isFree = ({ takenAt }: Letter) => takenAt === undefined || now - takenAt >= TAKEN_FOR;
  return world.ledgers.change(user, (ledger) => {
    const free = ledger.mail.filter(isFree);
    const mail = ledger.mail.map((letter) => (isFree(letter) ? { ...letter, takenAt: now } : letter));
    return [free.length === 0 ? ledger : { ...ledger, mail }, free];
  });
}

function givenBack(ledger: Ledger, taken: readonly Letter[]): Ledger {
  const ids = new Set(taken.map(({ id }) => id));
  const mail = ledger.mail.map((letter) => {
    const { takenAt: _, ...free } = letter;
    return ids.has(letter.id) ? free : letter;
  });
  return { ...ledger, mail };
}

/** One bad address must not hide from the administrator, whose own address may work. */
async function giveUp(world: World, user: string, letter: Letter, reason: string): Promise<void> {
  const { installation, clock, log } = world;
  log.trouble(user, problem('mail-given-up', { subject: letter.subject, reason }));
  const notice = letterMailGivenUp(letter, { installation, at: clock.now() }, reason);
  await world.ledgers.change(user, (ledger) => [
    withLetters(withoutLetter(ledger, letter.id), [notice]),
    undefined,
  ]);
}

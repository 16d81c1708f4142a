import { DAY } from '../core/instant.ts';
import { withLetters, withoutLetter } from '../core/ledger.ts';
import type { Letter } from '../core/letter.ts';
import { ProblemError, problem } from '../core/problems.ts';
import { letterMailGivenUp } from '../core/report/letter-mail-given-up.ts';
import type { World } from './world.ts';

/** A letter that could not be sent for so long is given up: nobody is helped by last week's news. */
const GIVEN_UP_AFTER = DAY;

/**
 * Sends a user's waiting letters and strikes them. A crash between the two sends one twice, never none.
 * @returns how many wait on, because sending failed: call again later.
 */
export async function post(world: World, user: string): Promise<number> {
  const { mail } = await world.ledgers.read(user);
  const sent: string[] = [];
  let waiting = 0;
  for (const letter of mail) {
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
  if (sent.length > 0)
    await world.ledgers.change(user, (ledger) => [sent.reduce(withoutLetter, ledger), undefined]);
  return waiting;
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

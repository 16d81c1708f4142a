import { DAY } from '../core/instant.ts';
import { withoutLetter } from '../core/ledger.ts';
import { problem } from '../core/problems.ts';
import type { World } from './world.ts';

/** A letter that could not be sent for so long is given up: nobody is helped by last week's news. */
const GIVEN_UP_AFTER = DAY;

/**
 * Sends a user's waiting letters and strikes them. A crash between the two sends one twice, never none.
 * @returns how many wait on, because sending failed: call again later.
 */
export async function post(world: World, user: string): Promise<number> {
  const { mail } = await world.ledgers.read(user);
  let waiting = 0;
  for (const letter of mail) {
    try {
      await world.mail.send(letter);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (world.clock.now() - letter.at < GIVEN_UP_AFTER) {
        waiting++;
        continue;
      }
      world.log.trouble(user, problem('mail-given-up', { subject: letter.subject, reason }));
    }
    await world.ledgers.change(user, (ledger) => [withoutLetter(ledger, letter.id), undefined]);
  }
  return waiting;
}

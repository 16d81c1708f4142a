import { MINUTE } from '../../core/instant.ts';
import { spanWords } from '../../core/report/words.ts';
import { viewClusters } from '../../engine/client/cluster-view.ts';
import type { Stores } from '../open-stores.ts';
import { nameOf } from '../which-user.ts';
import type { Finding } from './finding.ts';

/** The sweep finds within minutes whatever an event did not tell of. */
const TOO_LONG = 10 * MINUTE;

/** Whether somebody answers: a file that has waited long for its first word says that nobody does. */
export async function answersFinding({ users, clock, aws }: Stores, user: string): Promise<Finding> {
  const now = clock.now();
  const waiting = (await viewClusters(users, user)).flatMap(({ cluster, unanswered }) =>
    unanswered && now - unanswered.at > TOO_LONG ? [{ cluster, unanswered }] : [],
  );
  const [first] = waiting.toSorted((a, b) => a.unanswered.at - b.unanswered.at);
  if (!first)
    return { check: 'answers', outcome: 'ok', says: 'no file of yours waits too long for an answer' };
  const { cluster, unanswered } = first;
  const more = waiting.length === 1 ? '' : `, and ${waiting.length - 1} more`;
  return {
    check: 'answers',
    outcome: 'fail',
    says: `${nameOf(cluster)}.cf-${unanswered.action} has waited ${spanWords(now - unanswered.at)} for an answer${more}: the system does not seem to work`,
    fix: aws
      ? 'Tell your administrator, who runs "clusterdrop admin doctor". Your file holds; nothing has to be dropped again.'
      : 'Run "clusterdrop local", which finds it at once.',
  };
}

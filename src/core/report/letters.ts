import type { ReportedFiles } from '../cluster-report.ts';
import type { EndingWhy, Entry, Warning } from '../entry.ts';
import { belowHome } from '../identity.ts';
import { readableOf } from '../instant.ts';
import { costUntil } from '../ledger.ts';
import type { Letter } from '../letter.ts';
import type { Problem } from '../problems.ts';
import { costSentence, ESTIMATE, usdWords } from './cost-words.ts';
import { keepingSentence, keptSentence } from './kept-words.ts';
import {
  endSentence,
  extendSentence,
  type LetterContext,
  letterOf,
  recipients,
  whose,
} from './letter-frame.ts';
import { moveWords, problemWords } from './problem-words.ts';
import { sshCommand } from './ssh-command.ts';
import { visibleLine } from './visible.ts';
import { spanWords } from './words.ts';

/** The drop was accepted and the cluster is being built. */
export function letterStarting(entry: Entry, context: LetterContext): Letter {
  return letterOf('starting', entry, context, {
    subject: `${whose(entry)} is starting`,
    paragraphs: [
      `The cluster ${whose(entry)} is being built. That usually takes a few minutes; another mail follows when you can log in, or if it fails.`,
      costSentence(entry),
      extendSentence(entry),
      endSentence(entry),
    ],
  });
}

/** One can log in. */
export function letterReady(entry: Entry, context: LetterContext, files?: ReportedFiles): Letter {
  const address = entry.address === undefined ? undefined : visibleLine(entry.address, 100);
  const command = sshCommand(entry.cluster, entry.address, entry.login);
  return letterOf('ready', entry, context, {
    subject: `${whose(entry)} is ready${address === undefined ? '' : `: ${address}`}`,
    paragraphs: [
      `The cluster ${whose(entry)} is ready.`,
      command === undefined ? `Its address is ${address ?? 'not known'}.` : `Log in with:\n\n    ${command}`,
      costSentence(entry),
      extendSentence(entry),
      endSentence(entry),
      keepingSentence(visibleLine(entry.cluster.path), files),
    ],
  });
}

/** It never became a cluster. */
export function letterFailed(
  entry: Entry,
  context: LetterContext,
  problems: readonly Problem[] = entry.failure ?? [],
): Letter {
  return letterOf('failed', entry, context, {
    subject: `${whose(entry)} could not be started`,
    paragraphs: [
      `The cluster ${whose(entry)} could not be started. What had been built of it is taken down again by itself.`,
      problemWords(problems, entry.drop.text),
      `Whose move it is:\n${moveWords(problems, context.installation.contact)}`,
      `The same text, with the request, is in the file ${visibleLine(entry.cluster.path)}.cf-failed.`,
    ],
  });
}

/** It ends in less than a day, or an hour. */
export function letterEndingSoon(
  entry: Entry,
  warning: Warning,
  context: LetterContext,
  files?: ReportedFiles,
): Letter {
  const left = warning === '24h' ? '24 hours' : 'one hour';
  return letterOf(`ending-${warning}`, entry, context, {
    subject: `${whose(entry)} ends in less than ${left}`,
    paragraphs: [
      `The cluster ${whose(entry)} ends in less than ${left}. Jobs that still run then are lost.`,
      keepingSentence(visibleLine(entry.cluster.path), files),
      `If you need the cluster no longer, that is all. ${extendSentence(entry)}`,
      `Until then it has cost at most ${usdWords(costUntil(entry, entry.endsAt))} (${ESTIMATE}).`,
    ],
    // After an extension the same warning is due again.
    more: String(entry.endsAt),
  });
}

/** It is no more. */
export function letterGone(entry: Entry, context: LetterContext, files?: ReportedFiles): Letter {
  const end = entry.endedAt ?? context.at;
  const cost = costUntil(entry, end);
  const path = visibleLine(entry.cluster.path);
  return letterOf('gone', entry, context, {
    subject: `${whose(entry)} is gone`,
    paragraphs: [
      `The cluster ${whose(entry)} is gone since ${readableOf(end)}: ${GONE[entry.ending?.why ?? 'outside']}.`,
      `It ${entry.readyAt === undefined ? 'never got ready' : `ran for ${spanWords(end - entry.readyAt)}`}. What it cost: ${cost === null ? 'unknown' : `at most ${usdWords(cost)} (${ESTIMATE})`}.`,
      `To get the same cluster back, upload ${path}.cf-create again. All of its settings are in ${path}.cf-deleted.`,
      context.installation.simulated
        ? `What is in the folder ${path}.files/ has not been touched.`
        : keptSentence(path, files),
    ],
  });
}

/** To the administrator only: nobody else can mend a stack. */
export function letterStuck(entry: Entry, status: string, why: string, context: LetterContext): Letter {
  const { simulated, containers, adminEmail } = context.installation;
  const path = visibleLine(entry.cluster.path);
  const again = `drop ${path}.cf-delete again ("clusterdrop admin stop ${belowHome(path)}" does it): it is tried once more`;
  const isHere = simulated || containers === true;
  return letterOf('stuck', entry, context, {
    subject: `${whose(entry)} is stuck and needs you`,
    to: recipients(adminEmail),
    paragraphs: [
      `The stack of the cluster ${whose(entry)} is stuck in ${visibleLine(status, 60)}, and Clusterdrop does not try again.\nWhy: ${visibleLine(why) || 'no reason is given.'}`,
      `Stack: ${visibleLine(entry.stackName)}\n${visibleLine(entry.stackId ?? 'Its id is not known.')}`,
      `It counts against the user's limits until it is gone${isHere ? '' : `, and may cost up to ${usdWords(entry.price.usdPerHour)} an hour`}.`,
      isHere
        ? `What to do: mend what is named above. Then ${again}.`
        : `What to do: open the stack in the CloudFormation console and look at its events; the earliest failed resource is the cause. Remove what stands in the way. Then delete the stack there, or ${again}. Clusterdrop notices by itself and tells the user.`,
    ],
    // Mended and stuck again is news.
    more: `${status} ${entry.ending?.attempts ?? 0}`,
  });
}

const GONE: Readonly<Record<EndingWhy, string>> = {
  asked: 'a .cf-delete asked for it',
  expired: 'it had reached its end date',
  idle: 'nobody had used it for as long as its IdleTimeout says',
  replaced: 'a new one was asked for in its place',
  outside: 'somebody deleted its stack',
  failed: 'it could not be built',
};

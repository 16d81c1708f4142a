import type { Entry } from '../entry.ts';
import { type Instant, readableOf } from '../instant.ts';
import type { Problem, ProblemCode } from '../problems.ts';
import { livingWords } from './living-words.ts';
import { moveWords, problemWords } from './problem-words.ts';
import { endedLine, requestSection } from './request-section.ts';
import { visibleLine } from './visible.ts';
import { contactWords, wrapped } from './words.ts';

export interface FailedReply {
  /** The file that is answered, without its folder: `mycluster.cf-create`. */
  readonly file: string;
  readonly problems: readonly Problem[];
  readonly at: Instant;
  /** A living cluster of that name that runs on. */
  readonly running?: Entry | undefined;
  readonly requestText?: string | undefined;
  /** Whom a person may ask. */
  readonly contact: string;
}

/** Text of a `.cf-failed`: what went wrong, what to change, whose move it is, what still runs, and the request itself. */
export function replyFailed({ file, problems, at, running, requestText, contact }: FailedReply): string {
  const parts = [
    `${visibleLine(file)}: ${headline(problems)}\n${readableOf(at)}`,
    section(
      problems.length > 1 ? `What is wrong (${problems.length} things)` : 'What is wrong',
      problemWords(problems, requestText),
    ),
    section('Whose move it is', moveWords(problems, contact)),
    section('What runs now', wrapped(runningWords(problems, running))),
    `Questions? Ask ${contactWords(contact)}.`,
  ];
  if (requestText !== undefined) parts.push(requestSection('Your file as you sent it', requestText));
  return endedLine(parts.join('\n\n'));
}

function section(title: string, text: string): string {
  return `${title}\n${'-'.repeat(title.length)}\n${text}`;
}

function has(problems: readonly Problem[], ...codes: readonly ProblemCode[]): boolean {
  return problems.some((one) => codes.includes(one.code));
}

function headline(problems: readonly Problem[]): string {
  if (has(problems, 'creation-failed', 'creation-refused', 'stack-vanished'))
    return 'the cluster could not be started.';
  if (has(problems, 'update-failed', 'update-refused', 'cannot-change')) return 'the change was not made.';
  return 'this file was not carried out.';
}

function runningWords(problems: readonly Problem[], running: Entry | undefined): string {
  const living = running && livingWords(running);
  if (living !== undefined) return living;
  if (has(problems, 'bad-name', 'bad-folder', 'extra-extension', 'suffix-case', 'key-too-long'))
    return 'This file started, changed and deleted nothing. Whatever ran before runs on.';
  if (has(problems, 'stack-stuck'))
    return 'Parts of an earlier cluster of this name may still be there, and may cost money until the administrator has removed them.';
  if (has(problems, 'creation-failed'))
    return 'No cluster of this name. Whatever had been built of it is taken down again by itself; you need not delete anything.';
  return 'No cluster of this name.';
}

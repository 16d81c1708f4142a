import { durationOf, durationText } from '../core/duration.ts';
import { readableOf } from '../core/instant.ts';
import { ProblemError, problem } from '../core/problems.ts';
import { problemWords } from '../core/report/problem-words.ts';
import type { StatusFile } from '../core/report/status-file.ts';
import type { SentDrop } from '../engine/client/put-drop.ts';
import { type WaitOutcome, waitForAnswer } from '../engine/client/wait-for-answer.ts';
import { answer } from './answer.ts';
import type { Terminal } from './command.ts';
import type { Stores } from './open-stores.ts';
import type { ReadOptions } from './options.ts';
import { progressOn } from './progress.ts';
import { exitCodeOf } from './tell-problems.ts';
import { toldCommand } from './told-login.ts';
import { nameOf } from './which-user.ts';

/** Waits until a drop has come to its end and tells how. @returns the exit code: 0 only when all is as the drop asked. */
export async function waitForDrop(
  drop: SentDrop,
  stores: Stores,
  options: ReadOptions,
  terminal: Terminal,
): Promise<number> {
  const timeout = timeoutOf(options);
  const progress = progressOn(terminal, options.has('json'));
  const outcome = await waitForAnswer(drop, {
    store: stores.users,
    clock: stores.clock,
    pause: (milliseconds) => terminal.pause(milliseconds),
    isStopped: () => terminal.signal.aborted,
    ...(timeout !== undefined && { timeout }),
    onProgress: (status) => progress.status(status),
    ...stores.pace,
    onSilence: () => progress.say(stores.pace.silenceWords),
  });
  progress.end();
  const problems = problemsOf(outcome, drop, timeout);
  const status = 'status' in outcome ? outcome.status : undefined;
  const document = {
    user: drop.cluster.user,
    name: nameOf(drop.cluster),
    path: drop.cluster.path,
    drop: drop.id,
    outcome: outcome.kind,
    problems,
    status: status ?? null,
  };
  if (outcome.kind === 'done' || options.has('json'))
    answer(terminal, options, document, () => doneWords(drop, status, stores));
  else if (outcome.kind === 'stopped')
    terminal.err(
      `\nNot waiting any more; the file still holds. How far it is: clusterdrop status ${nameOf(drop.cluster)}${stores.flags}\n`,
    );
  else terminal.err(failedWords(drop, outcome, problems));
  return outcome.kind === 'stopped' ? 130 : exitCodeOf(problems);
}

/** Before anything is dropped, so that a slip in it costs nothing. @throws ProblemError `bad-option` */
export function timeoutOf(options: ReadOptions): number | undefined {
  const text = options.get('timeout');
  const timeout = text === undefined ? undefined : durationOf(text);
  if (text !== undefined && !timeout)
    throw new ProblemError(
      problem('bad-option', { option: '--timeout', found: text, wants: 'a length of time such as 30m' }),
    );
  return timeout;
}

type Told = Pick<StatusFile['problems'][number], 'code' | 'owner' | 'message' | 'fix' | 'at' | 'log'>;

function problemsOf(outcome: WaitOutcome, drop: SentDrop, timeout: number | undefined): readonly Told[] {
  const file = `${drop.cluster.name}.cf-${drop.action}`;
  switch (outcome.kind) {
    case 'done':
    case 'stopped':
      return [];
    case 'refused':
      // A status that refuses without a reason is no success all the same.
      return outcome.status.problems.length > 0
        ? outcome.status.problems
        : [problem('cluster-ended', { name: drop.cluster.name, state: outcome.status.state })];
    case 'ended':
      if (outcome.status.state === 'stuck')
        return [problem('cluster-stuck', { name: drop.cluster.name, why: outcome.status.why })];
      return [problem('cluster-ended', { name: drop.cluster.name, state: outcome.status.state })];
    case 'replaced':
      return [problem('drop-replaced', { file })];
    case 'vanished':
      return [problem('drop-vanished', { file })];
    case 'timeout':
      return [problem('wait-timeout', { file, after: durationText(timeout ?? 0) })];
  }
}

function failedWords(
  { cluster, action }: SentDrop,
  { kind }: WaitOutcome,
  problems: readonly Told[],
): string {
  const head = kind === 'refused' ? `${cluster.name}.cf-${action} was not carried out.\n\n` : '';
  const more = kind === 'refused' ? `\nMore in ${cluster.path}.cf-failed\n` : '';
  return `${head}${problemWords(problems as Parameters<typeof problemWords>[0])}\n${more}`;
}

function doneWords({ cluster, action }: SentDrop, status: StatusFile | undefined, stores: Stores): string {
  const name = nameOf(cluster);
  if (action === 'delete')
    return `${name} is gone. ${cluster.path}.cf-deleted says what it cost; ${cluster.path}.files/ stays.\n`;
  const ssh = toldCommand({ cluster, ...(status && { status }) }, stores);
  const ends = status?.ends === undefined ? Number.NaN : Date.parse(status.ends);
  return [
    `${name} is ready at ${status?.address ?? 'an unknown address'}.`,
    ...(ssh === undefined ? [] : ['', `    ${ssh}`]),
    '',
    ...(Number.isFinite(ends) ? [`It ends by itself on ${readableOf(ends)}.`] : []),
    ...(status?.simulated ? ['It is simulated: nothing answers at that address, and nothing is paid.'] : []),
    '',
  ].join('\n');
}

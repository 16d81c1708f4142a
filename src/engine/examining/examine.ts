import type { Finding, Verdict } from '../../core/finding.ts';
import type { Problem } from '../../core/problems.ts';
import { problemsOf } from '../problems-of.ts';

/** One thing to look at. It changes nothing, and what it throws becomes a finding. */
export interface Check<S> {
  /** What is looked at: "the queue". */
  readonly name: string;
  readonly look: (subject: S) => Promise<readonly Verdict[]>;
  /** It only gives advice: not being able to look is no failure. */
  readonly isAdvice?: boolean;
  /** Rights that whoever looks must hold. */
  readonly rights?: readonly string[];
}

export interface ExamineOptions<S> {
  readonly checks: readonly Check<S>[];
  readonly subject: S;
  /** How this world's errors are told; `undefined` for one that it knows nothing of. */
  readonly problemOf?: (error: unknown) => Problem | undefined;
  /** After each check, with how many are still under way. */
  readonly onDone?: (check: string, left: number) => void;
}

/** Makes all checks at once. One that cannot look says so, and the others go on. @returns findings in the order of `checks` */
export async function examine<S>(options: ExamineOptions<S>): Promise<readonly Finding[]> {
  const { checks, subject, onDone } = options;
  let left = checks.length;
  const all = checks.map(async (check) => {
    const verdicts = await check
      .look(subject)
      .catch((error: unknown) => unlooked(check, error, options.problemOf));
    onDone?.(check.name, --left);
    return verdicts.map((verdict): Finding => ({ check: check.name, ...verdict }));
  });
  return (await Promise.all(all)).flat();
}

function unlooked<S>(
  { isAdvice, rights }: Check<S>,
  error: unknown,
  problemOf: ExamineOptions<S>['problemOf'],
): readonly Verdict[] {
  const known = problemOf?.(error);
  return (known ? [known] : problemsOf(error)).map(({ code, message, fix }) => ({
    level: isAdvice ? 'warn' : 'fail',
    what: code === 'access-denied' ? `could not be looked at: ${message}` : message,
    fix: code === 'access-denied' && rights ? `Look again with these rights: ${rights.join(', ')}.` : fix,
  }));
}

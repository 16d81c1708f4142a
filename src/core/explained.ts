import type { Problem } from './problems.ts';

// Why a stack failed may be told in many lines: what failed, then the end of a log.

/** As much of a log as a person reads, and a ledger holds. */
export const MOST_LOG_LINES = 40;
const MOST_LOG = 4000;
const LONGEST_LINE = 400;

/** What happened, in one line: for a sentence. */
export function headOf(reason: string): string {
  return linesOf(reason)[0] ?? '';
}

/** A problem that is told with the first line of a reason, and keeps the others as its log. */
export function explained(reason: string, tell: (head: string) => Problem): Problem {
  const [head = reason.trim(), ...rest] = linesOf(reason);
  const log = lastOf(rest);
  return { ...tell(head), ...(log.length > 0 && { log }) };
}

/** Lines with something in them. What a program drew over itself (a bar that grows) is as many lines as it drew. */
function linesOf(text: string): readonly string[] {
  return text
    .split(/\r\n|[\n\r]/)
    .map((line) => cut(line.trimEnd()))
    .filter((line) => line !== '');
}

function cut(line: string): string {
  return line.length <= LONGEST_LINE
    ? line
    : `${line.slice(0, LONGEST_LINE).replace(/[\ud800-\udbff]$/, '')} …`;
}

/** The end of a log is what tells. */
function lastOf(lines: readonly string[]): readonly string[] {
  let length = 0;
  return lines
    .slice(-MOST_LOG_LINES)
    .toReversed()
    .filter((line) => (length += line.length + 1) <= MOST_LOG)
    .toReversed();
}

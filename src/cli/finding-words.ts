import type { Finding, Level } from '../core/finding.ts';
import { visibleLine } from '../core/report/visible.ts';

/** A finding may quote what anybody has written: no line of it is longer than this. */
const MOST = 600;

/** Findings in their order, each with its way out below it, and a last line that says what it all comes to. */
export function findingWords(findings: readonly Finding[]): string {
  const count = (level: Level) => findings.filter((one) => one.level === level).length;
  return `${findings.map(linesOf).join('')}\n${conclusion(count('fail'), count('warn'))}\n`;
}

function linesOf({ check, level, what, fix = '' }: Finding): string {
  const way = fix.split('\n').filter((line) => line.trim() !== '');
  const lines = way.map((line) => `      ${marginOf(line)}${visibleLine(line, MOST)}\n`);
  return `${level.padEnd(4)}  ${visibleLine(check)}: ${visibleLine(what, MOST)}\n${lines.join('')}`;
}

/** Commands stand out from the sentence above them. */
function marginOf(line: string): string {
  return ' '.repeat(line.length - line.trimStart().length);
}

function conclusion(failed: number, warned: number): string {
  const things = (many: number) => (many === 1 ? 'One thing' : `${many} things`);
  if (failed > 0) return `${things(failed)} must be mended.`;
  return warned > 0 ? `It works. ${things(warned)} could be better.` : 'All is well.';
}

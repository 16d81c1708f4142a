import type { Finding, Level } from '../core/finding.ts';
import { visibleLine } from '../core/report/visible.ts';

/** A finding may quote what anybody has written; a line of it is never longer than this. */
const MOST = 600;
const MARGIN = ' '.repeat(6);

/** Findings in their order, each with its way out below it, and a last line that says what it all comes to. */
export function findingWords(findings: readonly Finding[]): string {
  const told = findings.map(({ check, level, what, fix }) => {
    const way = (fix ?? '').split('\n').filter((line) => line.trim() !== '');
    const lines = way.map((line) => `${MARGIN}    ${indentOf(line)}${visibleLine(line, MOST)}\n`).join('');
    return `${level.padEnd(MARGIN.length)}${visibleLine(check)}: ${visibleLine(what, MOST)}\n${lines}`;
  });
  return `${told.join('')}\n${summary(findings)}\n`;
}

/** Commands stand out from the sentence above them. */
function indentOf(line: string): string {
  return /^ */.exec(line)?.[0] ?? '';
}

function summary(findings: readonly Finding[]): string {
  const count = (level: Level) => findings.filter((one) => one.level === level).length;
  const [failed, warned] = [count('fail'), count('warn')];
  if (failed + warned === 0) return 'Everything is well.';
  const parts = [
    ...(failed > 0 ? [`${failed} ${failed === 1 ? 'thing does' : 'things do'} not work`] : []),
    ...(warned > 0 ? [`${warned} ${warned === 1 ? 'deserves' : 'deserve'} a look`] : []),
  ];
  return `${parts.join(', ')}; the rest is well.`;
}

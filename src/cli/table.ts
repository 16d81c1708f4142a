import { visibleLine } from '../core/report/visible.ts';

/** Columns that line up; a column whose head begins with `>` is aligned to the right. Nothing in a cell moves a terminal's cursor. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const right = heads.map((head) => head.startsWith('>'));
  const cells = [heads.map((head) => head.replace(/^>/, '')), ...rows].map((row) =>
    row.map((cell) => visibleLine(cell, 200)),
  );
  const widths = heads.map((_, column) => Math.max(...cells.map((row) => lengthOf(row[column] ?? ''))));
  return cells
    .map((row) =>
      row
        .map((cell, column) => {
          const gap = ' '.repeat((widths[column] ?? 0) - lengthOf(cell));
          return right[column] ? gap + cell : cell + gap;
        })
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}

/** What people count as letters, near enough for a table. */
function lengthOf(text: string): number {
  return Array.from(text).length;
}

/** One row of a table, with the line of the file that it begins in. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

export type CsvReading = { readonly rows: readonly CsvRow[]; readonly open?: number };

/**
 * Comma-separated values as RFC 4180 has them and as spreadsheets write them: quoted cells, a byte order mark, any line ends, and
 * semicolons where a comma is the decimal sign. Blank lines are left out. `open`: the line of a quote that never ends.
 */
export function csvRows(text: string): CsvReading {
  const body = text.replace(/^\ufeff/, '');
  const separator = separatorOf(body);
  const rows: CsvRow[] = [];
  let cells: string[] = [];
  let cell = '';
  let quoted = false;
  let line = 1;
  let begins = 1;
  let opened = 1;
  const endCell = () => {
    cells.push(cell.trim());
    cell = '';
  };
  const endRow = () => {
    endCell();
    if (cells.some((one) => one !== '')) rows.push({ line: begins, cells });
    cells = [];
  };
  for (let index = 0; index < body.length; index++) {
    const char = body.charAt(index);
    const isLineEnd = char === '\n' || (char === '\r' && body.charAt(index + 1) !== '\n');
    if (isLineEnd) line++;
    if (quoted) {
      if (char !== '"') cell += char;
      else if (body.charAt(index + 1) === '"') cell += body.charAt(++index);
      else quoted = false;
    } else if (char === '"' && cell.trim() === '') {
      [quoted, opened, cell] = [true, line, ''];
    } else if (char === separator) endCell();
    else if (isLineEnd) {
      endRow();
      begins = line;
    } else if (char !== '\r') cell += char;
  }
  endRow();
  return quoted ? { rows, open: opened } : { rows };
}

function separatorOf(text: string): ',' | ';' {
  const [head = ''] = text.trimStart().split(/[\r\n]/, 1);
  return head.includes(';') && !head.includes(',') ? ';' : ',';
}

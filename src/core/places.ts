import type { Place } from './problems.ts';

/**
 * Line and column of an offset in `text`. Lines end with LF, CR or CRLF; a column is one character as people see it in an editor
 * (a code point), a tab counts one. Remembers the last answer, so that asking in order stays linear on a file of one long line.
 */
export function placesIn(text: string): (offset: number) => Place {
  let index = 0;
  let line = 1;
  let column = 1;
  return (offset) => {
    const target = Math.min(Math.max(offset, 0), text.length);
    if (target < index) [index, line, column] = [0, 1, 1];
    while (index < target) {
      const code = text.codePointAt(index) ?? 0;
      index += code > 0xffff ? 2 : 1;
      const crlf = code === 0x0d && text.charCodeAt(index) === 0x0a;
      if (code === 0x0a || (code === 0x0d && !crlf)) [line, column] = [line + 1, 1];
      else column++;
    }
    return { line, column };
  };
}

/**
 * Characters that a terminal obeys, or that make a text look like another one: controls, directions of writing, invisible spaces and
 * letters, tags, unpaired surrogates, and what Unicode has not assigned yet but says is not to be shown. Joiners (U+200C, U+200D) stay,
 * since Persian words and emoji are written with them, and so do Arabic number signs, which can be seen.
 */
const HIDDEN =
  /(?![\n\t\u0600-\u0605\u06dd\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|[\u115f\u1160\u2065\u3164\uffa0\ufff0-\ufff8\u{e0000}-\u{e00ff}\u{e01f0}-\u{e0fff}]/gu;

/** `text` for a file that people open: what cannot be seen is written as `\u202e`; all else, line breaks and tabs included, stays. */
export function visible(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(HIDDEN, escaped);
}

/** The same in one line: for names, messages and reasons inside a sentence of ours, which they must not end or imitate. */
export function visibleLine(text: string, most = 1000): string {
  // Cut first: what follows must not depend on how long a hostile text is.
  const whole = text.length <= most;
  const kept = whole ? text : text.slice(0, most).replace(/[\ud800-\udbff]$/, '');
  return visible(kept).replace(/\s+/g, ' ').trim() + (whole ? '' : ' …');
}

/** `json` with the same characters as JSON's own escapes: reads back as exactly the same value. */
export function visibleJson(json: string): string {
  return json.replace(HIDDEN, (char) => [...utf16(char)].map((unit) => `\\u${hex(unit)}`).join(''));
}

function escaped(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${hex(code)}`;
}

function* utf16(char: string): Generator<number> {
  for (let i = 0; i < char.length; i++) yield char.charCodeAt(i);
}

function hex(unit: number): string {
  return unit.toString(16).padStart(4, '0');
}

/** `text` as one word of a shell, to the letter. */
export function exactWord(text: string): string {
  return /^[\w./+=,@%:-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A ledger is read and written often: of a request that is longer than any sensible one only the head is kept there. */
const KEPT = 4000;

export function shortened(text: string): string {
  return text.length <= KEPT
    ? text
    : `${text.slice(0, KEPT)}\n… (shortened; the whole file is among the bucket's old versions)`;
}

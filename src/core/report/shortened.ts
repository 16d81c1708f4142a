import { visible } from './visible.ts';

/** Most bytes of a person's text that a reply repeats: as much as the largest request that is read. */
export const SHOWN_BYTES = 65_536;

export interface Shortened {
  readonly text: string;
  /** When it had to be cut: characters (code points) that `text` still shows. */
  readonly cut?: { readonly shown: number };
}

/** A person's text as a reply repeats it: made visible, and cut between two characters when it is too long. */
export function shortened(text: string, most = SHOWN_BYTES): Shortened {
  // Each unit becomes a byte at least: what lies behind so many is not even looked at.
  const head = text.slice(0, most + 1);
  const whole = visible(head);
  if (head.length === text.length && utf8Length(whole) <= most) return { text: whole };
  let [bytes, shown, end] = [0, 0, 0];
  // Made visible one by one, so that no escape is cut in half.
  for (const char of head.replace(/\r\n?/g, '\n')) {
    const seen = visible(char);
    bytes += utf8Length(seen);
    if (bytes > most) break;
    end += seen.length;
    shown++;
  }
  return { text: whole.slice(0, end), cut: { shown } };
}

/** Length in UTF-8 bytes; a lone surrogate counts as the replacement character that it would become. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

export interface DecodedUtf8 {
  /** Without a byte order mark; every byte that is not UTF-8 became U+FFFD. */
  readonly text: string;
  /** The first such bytes, and where in `text` their U+FFFD stands. */
  readonly bad: readonly { readonly byte: number; readonly index: number }[];
}

/** UTF-8 per RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF. Core has no TextDecoder. */
export function decodeUtf8(bytes: Uint8Array): DecodedUtf8 {
  const parts: string[] = [];
  const bad: { byte: number; index: number }[] = [];
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  let length = 0;
  for (let i = hasMark ? 3 : 0; i < bytes.length; ) {
    const byte = bytes[i] ?? 0;
    const size = byte < 0x80 ? 1 : byte < 0xc2 ? 0 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : byte < 0xf5 ? 4 : 0;
    const code = size === 1 ? byte : size === 0 ? undefined : sequence(bytes, i, size);
    if (code === undefined) bad.push({ byte, index: length });
    const char = code === undefined ? '\ufffd' : String.fromCodePoint(code);
    parts.push(char);
    length += char.length;
    i += code === undefined ? 1 : size;
  }
  return { text: parts.join(''), bad };
}

const LEAST = [0, 0, 0x80, 0x800, 0x10000];

function sequence(bytes: Uint8Array, start: number, size: number): number | undefined {
  let code = (bytes[start] ?? 0) & (0xff >> (size + 1));
  for (let i = 1; i < size; i++) {
    const byte = bytes[start + i];
    if (byte === undefined || (byte & 0xc0) !== 0x80) return undefined;
    code = (code << 6) | (byte & 0x3f);
  }
  const surrogate = code >= 0xd800 && code <= 0xdfff;
  return code < (LEAST[size] ?? 0) || surrogate || code > 0x10ffff ? undefined : code;
}

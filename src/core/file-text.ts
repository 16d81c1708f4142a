import { placesIn } from './places.ts';
import { type Problem, problem } from './problems.ts';
import { decodeUtf8 } from './utf8.ts';

/** Largest request file that is read, in bytes. */
export const FILE_BYTES = 65_536;

export interface FileText {
  /** As far as it could be decoded: always fit to be shown to its author. */
  readonly text: string;
  readonly problems: readonly Problem[];
  /** False when nothing in the text is worth reading on. */
  readonly readable: boolean;
}

/** The text of a request file, and what is wrong with its bytes before any JSON is looked at. */
export function fileText(bytes: Uint8Array): FileText {
  if (bytes.length > FILE_BYTES) {
    const { text } = decodeUtf8(bytes.subarray(0, FILE_BYTES));
    return {
      text,
      problems: [problem('too-large', { most: FILE_BYTES })],
      readable: false,
    };
  }
  const wide = wideOrder(bytes);
  if (wide) {
    const text = decodeUtf16(bytes, wide);
    if (text.trim() === '') return blank(text);
    // The text is known in spite of its coding, so its other mistakes can be named at once.
    return {
      text,
      problems: [problem('utf-16', {}, { line: 1, column: 1 })],
      readable: !text.includes('\0'),
    };
  }
  const { text, bad } = decodeUtf8(bytes);
  if (text.trim() === '') return blank(text);
  const kind = foreignKind(text, bad.length);
  if (kind !== undefined) return { text, problems: [problem('not-text', { kind })], readable: false };
  const [first] = bad;
  if (!first) return { text, problems: [], readable: true };
  const place = placesIn(text)(first.index);
  return {
    text,
    problems: [problem('not-utf-8', { byte: first.byte, count: bad.length }, place)],
    readable: true,
  };
}

function blank(text: string): FileText {
  return { text, problems: [problem('blank-file', {})], readable: false };
}

/** What a file that is no plain text at all looks like to the person who sent it. */
function foreignKind(text: string, badBytes: number): string | undefined {
  const start = text.trimStart().slice(0, 16).toLowerCase();
  if (start.startsWith('{\\rtf')) return 'a rich text (RTF) document';
  if (start.startsWith('%pdf')) return 'a PDF document';
  if (start.startsWith('pk\u0003\u0004')) return 'a zip archive or an Office document';
  if (start.startsWith('<!doctype') || start.startsWith('<html') || start.startsWith('<?xml'))
    return 'a web page or XML';
  if (text.includes('\0') || badBytes * 10 > text.length) return 'binary data';
  return undefined;
}

/** Byte order of UTF-16: by its mark, else by zero bytes in every other place (JSON is mostly ASCII). */
function wideOrder(bytes: Uint8Array): 'little' | 'big' | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'little';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'big';
  const zeros = [0, 0];
  bytes.forEach((byte, index) => {
    if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  });
  const [even = 0, odd = 0] = zeros;
  const most = (bytes.length / 2) * 0.7;
  if (bytes.length >= 4 && odd >= most && even === 0) return 'little';
  if (bytes.length >= 4 && even >= most && odd === 0) return 'big';
  return undefined;
}

function decodeUtf16(bytes: Uint8Array, order: 'little' | 'big'): string {
  const low = order === 'little' ? 0 : 1;
  const units: string[] = [];
  for (let i = 0; i + 1 < bytes.length; i += 2)
    units.push(String.fromCharCode((bytes[i + low] ?? 0) | ((bytes[i + 1 - low] ?? 0) << 8)));
  const text = units.join('');
  return (text.startsWith('\ufeff') ? text.slice(1) : text).replace(/\p{Surrogate}/gu, '\ufffd');
}

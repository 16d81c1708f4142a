import { describe, expect, it } from 'vitest';
import { FILE_BYTES, fileText } from './file-text.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);
const utf16 = (text: string, bigEndian: boolean) =>
  Uint8Array.from(
    [...text].flatMap((char) => {
      const code = char.charCodeAt(0);
      return bigEndian ? [code >> 8, code & 255] : [code & 255, code >> 8];
    }),
  );
const codes = (bytes: Uint8Array) => fileText(bytes).problems.map(({ code }) => code);

describe('fileText', () => {
  it('takes plain UTF-8, with or without its mark', () => {
    expect(fileText(utf8('{}'))).toEqual({ text: '{}', problems: [], readable: true });
    expect(fileText(utf8('\ufeff{}'))).toEqual({ text: '{}', problems: [], readable: true });
  });

  it.each(['', ' \r\n\t', '\ufeff', '\ufeff \n'])('calls %j blank', (text) => {
    expect(codes(utf8(text))).toEqual(['blank-file']);
  });

  it('takes a file of the largest size and refuses one byte more', () => {
    const fits = utf8(`{}${' '.repeat(FILE_BYTES - 2)}`);
    expect(codes(fits)).toEqual([]);
    expect(codes(utf8(`{}${' '.repeat(FILE_BYTES - 1)}`))).toEqual(['too-large']);
  });

  it.each([
    ['little endian', false, ''],
    ['big endian', true, ''],
    ['little endian with its mark', false, '\ufeff'],
    ['big endian with its mark', true, '\ufeff'],
  ])('recognises UTF-16, %s, and decodes it for its author', (_, bigEndian, mark) => {
    const { text, problems, readable } = fileText(utf16(`${mark}{"a": "é"}`, bigEndian));
    expect({ text, readable }).toEqual({ text: '{"a": "é"}', readable: true });
    expect(problems.map(({ code }) => code)).toEqual(['utf-16']);
  });

  it('names the first byte that is not UTF-8, where it stands, and reads on', () => {
    const { problems, readable } = fileText(
      Uint8Array.from([...utf8('{\n "//": "f'), 0xfc, ...utf8('r", "a": 1}')]),
    );
    expect(readable).toBe(true);
    expect(problems[0]).toMatchObject({ code: 'not-utf-8', at: { line: 2, column: 10 } });
    expect(problems[0]?.message).toContain('0xFC');
  });

  it.each([
    ['a zip', Uint8Array.from([0x50, 0x4b, 3, 4, 20, 0, 6, 0])],
    ['RTF', utf8('{\\rtf1\\ansi {}}')],
    ['PDF', utf8('%PDF-1.7')],
    ['HTML', utf8('<!DOCTYPE html><html></html>')],
    ['a NUL', utf8('{"a": "\0"}')],
    ['noise', Uint8Array.from({ length: 256 }, (_, index) => index)],
  ])('calls %s no text', (_, bytes) => {
    expect(codes(bytes)).toEqual(['not-text']);
    expect(fileText(bytes).readable).toBe(false);
  });
});

/** S3's bound on a key, and the usual bound of file systems on a name; bytes of UTF-8. */
const KEY_BYTES = 1024;
const NAME_BYTES = 255;

/**
 * Why a path below `NAME.files/` cannot be copied, for people; `undefined` when it can. A bucket knows no folders, and its keys may be
 * written by anybody with rights on it or by a job: none of them may lead out of the folder that it is copied to, on any system.
 */
export function pathFault(path: string, prefix: string): string | undefined {
  if (/[\p{Cc}\p{Cs}\ufffd]/u.test(path)) return 'it has characters in it that are not text';
  if (path.includes('\\')) return 'it has a backslash in it';
  if (Buffer.byteLength(prefix + path) > KEY_BYTES) return `its path is longer than ${KEY_BYTES} bytes`;
  for (const name of path.split('/')) {
    if (name === '') return 'it begins or ends with "/", or has "//" in it';
    if (name === '.' || name === '..') return `it has a part "${name}"`;
    if (Buffer.byteLength(name) > NAME_BYTES) return `a name in it is longer than ${NAME_BYTES} bytes`;
  }
  return undefined;
}

/** S3's own bound on a key, and the usual bound of file systems on a name; bytes of UTF-8. */
const KEY_BYTES = 1024;
const NAME_BYTES = 255;

/** Control characters; lone surrogates; and U+FFFD, as which Node shows whatever in a name is not UTF-8. */
const UNSPEAKABLE = /[\p{Cc}\p{Cs}\ufffd]/u;

/** Why a folder cannot hold an object of this key, for people; `undefined` when it can. Only such keys are listed. */
export function keyFault(key: string): string | undefined {
  if (Buffer.byteLength(key) > KEY_BYTES) return `it is longer than ${KEY_BYTES} bytes`;
  if (UNSPEAKABLE.test(key)) return 'it has characters in it that are not text';
  for (const name of key.split('/')) {
    if (name === '') return 'it is empty, or begins or ends with "/", or has "//" in it';
    if (name === '.' || name === '..') return `"${name}" in it does not name a file`;
    if (Buffer.byteLength(name) > NAME_BYTES) return `a name in it is longer than ${NAME_BYTES} bytes`;
  }
  return undefined;
}

/** The names on the way to an object, the object's own last; `undefined` for a key that no folder can hold. */
export function namesOf(key: string): readonly string[] | undefined {
  return keyFault(key) === undefined ? key.split('/') : undefined;
}

/**
 * Reads the keys of a listing asked for with `EncodingType: 'url'`, without which XML could not carry every character of a key. S3 writes
 * a blank as `+`, a plus as `%2B`, and leaves `/` as it is; others write `%20`, or do not encode at all, and then say no encoding.
 * @param encoding `EncodingType` of the answer
 */
export function decoder(encoding: string | undefined): (text: string) => string {
  return encoding === 'url' ? (text) => decodeURIComponent(text.replaceAll('+', ' ')) : (text) => text;
}

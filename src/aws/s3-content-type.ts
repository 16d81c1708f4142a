/**
 * What a browser shows rather than downloads, with the letters that were meant: people look at their replies in the S3 console. Never
 * HTML, whatever the text is.
 */
export function contentTypeOf(key: string, body: Uint8Array | string): string {
  if (key.endsWith('.json')) return 'application/json';
  return typeof body === 'string' || /\.(?:cf-[a-z]+|txt|md|ya?ml|log)$/.test(key)
    ? 'text/plain; charset=utf-8'
    : 'application/octet-stream';
}

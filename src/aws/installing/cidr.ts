/** An IPv4 range as AWS takes it: four bytes, a slash, the length; no bit set behind the length. */
export interface Cidr {
  readonly text: string;
  readonly length: number;
}

/** `undefined` for anything else. A single address is a range of one. */
export function cidrOf(text: string): Cidr | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/.exec(text.trim());
  if (!match) return undefined;
  const bytes = match.slice(1, 5).map(Number);
  const length = Number(match[5] ?? 32);
  if (bytes.some((byte) => byte > 255) || length > 32) return undefined;
  const bits = bytes.reduce((all, byte) => all * 256 + byte, 0);
  return bits % 2 ** (32 - length) === 0 ? { text: `${bytes.join('.')}/${length}`, length } : undefined;
}

export const ANYWHERE = '0.0.0.0/0';

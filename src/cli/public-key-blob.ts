import { createHash } from 'node:crypto';

/** One line of a `.pub` or `authorized_keys` file. */
export interface PublicKey {
  readonly type: string;
  /** Base64. */
  readonly blob: string;
  readonly comment: string;
  /** As `ssh-keygen -l` shows it: `SHA256:…`. */
  readonly fingerprint: string;
  readonly bits: number;
  /** ED25519, RSA, ECDSA, ... */
  readonly kind: string;
}

const LINE =
  /(?:^|\s)((?:sk-)?(?:ssh|ecdsa-sha2)-[a-z0-9-]+(?:@openssh\.com)?)\s+([A-Za-z0-9+/]{16,}={0,2})(?:\s+(.*))?$/;

/**
 * The key in a line, behind options if there are any; `undefined` for a line that holds none. The key says inside what it is, and that
 * must agree with what stands before it. Format: RFC 4253, section 6.6, and RFC 5656, section 3.1.
 */
export function readPublicKey(line: string): PublicKey | undefined {
  const [, type = '', blob = '', comment = ''] = LINE.exec(line.trim()) ?? [];
  const bytes = Buffer.from(blob, 'base64');
  const fields = fieldsOf(bytes);
  if (!fields || fields[0]?.toString('latin1') !== type) return undefined;
  const bits = bitsOf(type, fields);
  if (bits === undefined) return undefined;
  const hash = createHash('sha256').update(bytes).digest('base64').replace(/=+$/, '');
  return { type, blob, comment: comment.trim(), fingerprint: `SHA256:${hash}`, bits, kind: kindOf(type) };
}

/** Each field is its length in four bytes, then so many bytes; nothing may be left over. */
function fieldsOf(bytes: Buffer): Buffer[] | undefined {
  const fields: Buffer[] = [];
  let at = 0;
  while (at + 4 <= bytes.length) {
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) return undefined;
    fields.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return at === bytes.length && fields.length >= 2 ? fields : undefined;
}

function bitsOf(type: string, fields: readonly Buffer[]): number | undefined {
  const [, first = Buffer.alloc(0), second = Buffer.alloc(0)] = fields;
  switch (type.replace(/^sk-/, '').replace(/@openssh\.com$/, '')) {
    case 'ssh-ed25519':
      return first.length === 32 ? 256 : undefined;
    case 'ssh-rsa':
      // The exponent, then the modulus, which may begin with a zero byte to be positive.
      return second.length === 0 ? undefined : BigInt(`0x${second.toString('hex')}`).toString(2).length;
    case 'ecdsa-sha2-nistp256':
    case 'ecdsa-sha2-nistp384':
    case 'ecdsa-sha2-nistp521':
      return Number(type.match(/nistp(\d+)/)?.[1]);
    default:
      return undefined;
  }
}

function kindOf(type: string): string {
  const kind = /ed25519|rsa|ecdsa/.exec(type)?.[0].toUpperCase() ?? type;
  return type.startsWith('sk-') ? `${kind}-SK` : kind;
}

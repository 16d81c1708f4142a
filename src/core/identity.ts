import { sha256Hex } from './sha256.ts';

/** One cluster, as the bucket names it. Two users, folders or buckets may use the same `name`. */
export interface Cluster {
  readonly bucket: string;
  readonly user: string;
  /** Key of the drop file without its suffix: `home/alice/mycluster` or `home/alice/project/mycluster`. */
  readonly path: string;
  readonly name: string;
}

export type Action = 'create' | 'delete';
export type Suffix =
  | '.cf-create'
  | '.cf-delete'
  | '.cf-status'
  | '.cf-created'
  | '.cf-failed'
  | '.cf-deleted';

/** What a key of the users' bucket is to us. */
export type KeyMeaning =
  | { readonly kind: 'drop'; readonly action: Action; readonly cluster: Cluster }
  /** Meant as a drop but not one: answered beside it, at `reply`. `take` says whether it is consumed like a refused drop. */
  | {
      readonly kind: 'misdrop';
      readonly fault: MisdropFault;
      readonly user: string;
      readonly reply: string;
      readonly take: boolean;
    }
  | { readonly kind: 'other' };

export type MisdropFault = 'bad-name' | 'bad-folder' | 'extra-extension' | 'suffix-case' | 'key-too-long';

export const NAME = /^[A-Za-z][A-Za-z0-9-]{0,39}$/;
/** User names as IAM allows them: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const USER = /^[\w+=,.@-]{1,64}$/;
/** Folders of the customizer that are no users; `.` and `..` are path tricks. */
const NO_USERS = new Set(['default', 'all', '.', '..']);

/** Longest drop key answered, in bytes: S3 allows 1,024, and `.cf-created` is one longer than `.cf-create`. */
const KEY_BYTES = 1000;

/** Half-written uploads and editors' leftovers: never answered, or every save in an editor would be. */
const TEMPORARY = /^\.|~$|\.(?:swp|swo|part|partial|filepart|crdownload|tmp|bak)$/i;

export function isUser(name: string): boolean {
  return USER.test(name) && !NO_USERS.has(name);
}

export function replyKey(cluster: Cluster, suffix: Suffix): string {
  return cluster.path + suffix;
}

/** Everything the system and the person write about one cluster begins with this. */
export function dropPrefix(cluster: Cluster): string {
  return `${cluster.path}.cf-`;
}

/** `alice/mycluster` of `home/alice/mycluster`, as people read it. */
export function belowHome(path: string): string {
  return path.replace(/^home\//, '');
}

export function clusterAt(bucket: string, path: string): Cluster {
  const parts = path.split('/');
  return { bucket, path, user: parts[1] ?? '', name: parts.at(-1) ?? '' };
}

/** What `key` means. Total: any string is a drop, a near miss worth an answer, or none of our business. */
export function meaningOf(bucket: string, key: string): KeyMeaning {
  const parts = key.split('/');
  const [root, user] = parts;
  const file = parts.at(-1) ?? '';
  if (root !== 'home' || user === undefined || parts.length < 3 || !isUser(user)) return { kind: 'other' };
  const folders = parts.slice(2, -1);
  // A job may write anything into ~/files, and a desktop moves what is thrown away into a hidden folder: neither starts a cluster.
  if (folders.some((folder) => folder.endsWith('.files') || isHidden(folder)) || TEMPORARY.test(file))
    return { kind: 'other' };

  const m = /^(.*?)(\.cf-(?:create|delete))(\.(?:txt|text|json|jsonc|rtf|yaml|yml|md|docx?))?$/i.exec(file);
  if (!m) return { kind: 'other' };
  const [, name = '', suffix = '', extra] = m;
  const path = key.slice(0, key.length - suffix.length - (extra ?? '').length);
  const misdrop = (fault: MisdropFault, take: boolean): KeyMeaning => ({
    kind: 'misdrop',
    fault,
    user,
    reply: `${path}.cf-failed`,
    take,
  });

  if (hasControl(key)) return { kind: 'other' };
  if (bytesOf(key) > KEY_BYTES) return misdrop('key-too-long', true);
  if (extra !== undefined) return misdrop('extra-extension', false);
  if (suffix !== suffix.toLowerCase()) return misdrop('suffix-case', false);
  if (folders.some((folder) => folder === '' || folder === '.' || folder === '..'))
    return misdrop('bad-folder', true);
  if (!NAME.test(name)) return misdrop('bad-name', true);
  return {
    kind: 'drop',
    action: suffix === '.cf-create' ? 'create' : 'delete',
    cluster: { bucket, user, path, name },
  };
}

/** True for keys that people write and we act on: a local store waits until such a file is quiet. */
export function isInput(key: string): boolean {
  return meaningOf('', key).kind !== 'other';
}

/** 64 hex digits that stand for one cluster of one installation. */
export function identityOf(installation: string, cluster: Cluster): string {
  return sha256Hex([installation, cluster.bucket, cluster.path].join('\n'));
}

/** `<prefix>-<readable>-<16 hex>`: deterministic, so CloudFormation's own refusal of a taken name is the lock. At most 100 characters. */
export function stackNameOf(prefix: string, identity: string, cluster: Cluster): string {
  const readable = `${cluster.user}-${cluster.name}`.replace(/[^A-Za-z0-9-]+/g, '-').replace(/-{2,}/g, '-');
  const room = 100 - prefix.length - 16 - 2;
  return `${prefix}-${readable.slice(0, room).replace(/^-+|-+$/g, '')}-${identity.slice(0, 16)}`;
}

/** The identity of one write of one drop file: never its content, since `{}` may be dropped twice. */
export function dropIdOf(bucket: string, key: string, version: string): string {
  return sha256Hex([bucket, key, version].join('\n'));
}

function hasControl(key: string): boolean {
  for (const char of key) {
    const code = char.codePointAt(0) ?? 0;
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return true;
  }
  return false;
}

/** Length in UTF-8 bytes; a lone surrogate counts as the replacement character it would become. */
function bytesOf(text: string): number {
  let bytes = 0;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

/** `.` and `..` are no hidden folders but faults. */
function isHidden(folder: string): boolean {
  return /^\.[^.]/.test(folder) || /^\.\..+/.test(folder);
}

import { type BigIntStats, mkdirSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { statOf } from './file-stat.ts';

/** What stands where a name should be: a file of exactly this name, nothing, or something that is in the way. */
export type Place =
  | { readonly kind: 'file'; readonly path: string; readonly stat: BigIntStats }
  | { readonly kind: 'nothing'; readonly path: string }
  | { readonly kind: 'obstacle'; readonly why: string };

/**
 * A folder that nothing leads out of: every step from the root is looked at without following links, each time, since
 * people can change what lies there between two calls. (Between the look and the use that follows at once, they still
 * could: Node has no `openat`.)
 */
export class FolderTree {
  readonly root: string;
  readonly #stat: BigIntStats;

  /** `root` must exist; a link in the way to it is the administrator's own choice and is followed, once. */
  constructor(root: string) {
    this.root = realpathSync.native(root);
    const stat = statOf(this.root);
    if (!stat?.isDirectory()) throw new Error(`${root} is not a folder`);
    this.#stat = stat;
  }

  /** The path of the folder at `names`; `undefined` when there is none, whatever else there may be. */
  folder(names: readonly string[]): string | undefined {
    const look = this.look(names);
    return 'path' in look ? look.path : undefined;
  }

  /**
   * The path of the folder at `names`, or why there is none: `undefined` when simply nothing is there. `isListed`: these names come from
   * the folders themselves, so that their spelling is not looked for, which may mean to read all of a large folder.
   */
  look(
    names: readonly string[],
    isListed = false,
  ): { readonly path: string } | { readonly why: string | undefined } {
    return this.#walk(names, { isListed });
  }

  /** Like `folder`, making what is missing. Throws when something else is in the way. */
  makeFolder(names: readonly string[]): string {
    const walk = this.#walk(names, { make: true });
    if ('path' in walk) return walk.path;
    throw new Error(`cannot make the folder ${names.join('/')}: ${walk.why ?? 'it vanished'}`);
  }

  /** What stands at `names`, of which the last is a file's. `isListed`: as with `look`. */
  find(names: readonly string[], isListed = false): Place {
    const name = names.at(-1) ?? '';
    const parent = this.#walk(names.slice(0, -1), { isListed });
    if (!('path' in parent)) {
      if (parent.why !== undefined) return { kind: 'obstacle', why: parent.why };
      return { kind: 'nothing', path: join(this.root, ...names) };
    }
    const path = `${parent.path}/${name}`;
    const stat = statOf(path);
    if (!stat) return { kind: 'nothing', path };
    if (!isListed && !isExact(parent.path, name)) return { kind: 'obstacle', why: otherSpelling(name) };
    if (!stat.isFile())
      return { kind: 'obstacle', why: `"${name}" is there already and is not a plain file` };
    return { kind: 'file', path, stat };
  }

  #walk(
    names: readonly string[],
    { make = false, isListed = false },
  ): { path: string } | { why: string | undefined } {
    let path = this.root;
    const root = statOf(path);
    // An unmounted disk must not look like a bucket that was emptied.
    if (root?.ino !== this.#stat.ino || root.dev !== this.#stat.dev)
      throw new Error(`${path} is gone or was replaced since this program started: start it again`);
    for (const name of names) {
      const parent = path;
      path = `${parent}/${name}`;
      let stat = statOf(path);
      if (!stat && make) {
        mkdirSync(path, { recursive: true });
        stat = statOf(path);
      }
      if (!stat) return { why: undefined };
      if (!stat.isDirectory()) return { why: `"${name}" is there already and is not a folder` };
      if (!isListed && !isExact(parent, name)) return { why: otherSpelling(name) };
    }
    return { path };
  }
}

/**
 * Whether an entry that was found as `name` is really called that. Where a folder does not tell `Alice` from `alice` (macOS,
 * Windows shares, `chattr +F`), one user would otherwise get into another's folder. It is a matter of each single folder, so
 * each is asked; asking is one look for the other spelling, which on most systems is not there.
 */
function isExact(parent: string, name: string): boolean {
  const upper = name.toUpperCase();
  const other = upper === name ? name.toLowerCase() : upper;
  // Without plain letters, or with accents (composed or not), there is no one other spelling to look for.
  if (other !== name && /^[\x20-\x7e]+$/.test(name) && !statOf(`${parent}/${other}`)) return true;
  return readdirSync(parent).includes(name);
}

function otherSpelling(name: string): string {
  return `this folder does not tell upper from lower case, and another spelling of "${name}" is there already`;
}

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Installation } from '../core/installation.ts';
import { ProblemError, problem } from '../core/problems.ts';
import type { FileStore } from '../engine/client/file-store.ts';
import { INSTALLATION_KEY, readInstallation } from '../engine/installations.ts';
import type { Clock, ObjectStore } from '../engine/ports.ts';
import { foldersOf, openFolderStores } from '../local/open-folder-stores.ts';
import type { Terminal } from './command.ts';
import type { ReadOptions } from './options.ts';
import { HERE, type Pace } from './pace.ts';
import { DEFAULT_FOLDER, type Place, placeOf } from './place-of.ts';
import { shellWord, shownPath } from './shown-path.ts';

/** The two buckets of an installation, wherever they are: commands know nothing else of it. */
export interface Stores {
  /** Where it is, as people write it: a folder, or `s3://BUCKET`. */
  readonly name: string;
  /** The users' bucket. */
  readonly users: ObjectStore;
  /** The administrator's, for those who may see it. */
  readonly admin?: {
    readonly store: ObjectStore;
    readonly installation: Installation;
    /** All users' buckets of the installation, `users` among them. */
    readonly buckets: readonly ObjectStore[];
  };
  /** The same bucket as `users`, for files of any size. */
  readonly files: () => Promise<FileStore>;
  readonly clock: Clock;
  readonly pace: Pace;
  /** What must be added to a command that is proposed, so that it means the same installation and user. */
  readonly flags: string;
  /** The folder, whole path, of an installation that is in one: then its clusters may run on this machine. */
  readonly folder?: string;
  /** What only an installation in an AWS account has. */
  readonly aws?: AwsSide;
}

export interface AwsSide {
  /** Who calls, asked once. */
  readonly caller: () => Promise<Caller>;
  /** Remembered for those whose identity does not tell whose folder is theirs. */
  readonly rememberedUser?: string;
  /** True for a refusal of AWS because of missing rights. */
  readonly isDenied: (error: unknown) => boolean;
  /** Why `admin` is missing. */
  readonly adminMissing?: 'denied' | 'untagged';
  /** To be called when the installation has proved to be the right one: what was typed is kept for the next command. */
  readonly prove: (user?: string) => void;
}

/** An AWS identity, as far as it tells of a person. */
export interface Caller {
  readonly arn: string;
  readonly kind: 'user' | 'session' | 'root' | 'unknown';
  /** Of an IAM user or a session. */
  readonly name?: string;
}

export type AdminStores = Stores & Required<Pick<Stores, 'admin'>>;

/** The folder that `clusterdrop local` runs: `--dir`, else `CLUSTERDROP_DIR`, else `./clusterdrop-data`. */
export function folderOf(options: ReadOptions, { env, cwd }: Pick<Terminal, 'env' | 'cwd'>): string {
  return resolve(cwd, options.get('dir') ?? (env['CLUSTERDROP_DIR'] || DEFAULT_FOLDER));
}

/** @throws ProblemError `no-installation`, `no-such-bucket`, and what `placeOf` throws */
export async function openStores(options: ReadOptions, terminal: Terminal): Promise<Stores> {
  const place = placeOf(options, terminal);
  const flags = flagsOf(options, place);
  if (place.kind === 'folder') return openFolder(place.dir, flags, terminal);
  // The SDK is large, and whoever works with a folder does without it.
  const { openS3Stores } = await import('./open-s3-stores.ts');
  return openS3Stores(place, flags, terminal);
}

async function openFolder(dir: string, flags: string, terminal: Terminal): Promise<Stores> {
  const name = shownPath(dir, terminal.cwd);
  const missing = () => new ProblemError(problem('no-installation', { place: name }));
  // Looked at first: opening a folder store makes its folders.
  if (!existsSync(join(foldersOf(dir).admin, INSTALLATION_KEY))) throw missing();
  const clock: Clock = { now: () => terminal.now() };
  const { users, admin } = openFolderStores(dir, clock);
  const installation = await readInstallation(admin);
  if (!installation) throw missing();
  const files = async () => {
    const { ObjectFiles } = await import('../engine/client/object-files.ts');
    return new ObjectFiles(users);
  };
  return {
    name,
    users,
    admin: { store: admin, installation, buckets: [users] },
    files,
    clock,
    pace: HERE,
    flags,
    folder: dir,
  };
}

/** @throws ProblemError `needs-admin`, `needs-admin-rights`, `not-on-aws` */
export async function openAdminStores(options: ReadOptions, terminal: Terminal): Promise<AdminStores> {
  const { admin, ...stores } = await openStores(options, terminal);
  const { aws, users } = stores;
  if (admin) {
    aws?.prove();
    return { ...stores, admin };
  }
  if (!aws) throw new ProblemError(problem('needs-admin', {}));
  const { bucket } = users;
  throw new ProblemError(
    aws.adminMissing === 'untagged'
      ? problem('not-on-aws', { bucket })
      : problem('needs-admin-rights', { bucket, arn: (await aws.caller()).arn }),
  );
}

/** What is remembered need not be said again; in a folder of its own even `--dir` is meant for here only. */
function flagsOf(options: ReadOptions, place: Place): string {
  const names = place.from === 'option' ? ['store', 'dir', 'user'] : ['user'];
  return names
    .map((name) => ({ name, value: options.get(name) }))
    .map(({ name, value }) => (value === undefined ? '' : ` --${name} ${shellWord(value)}`))
    .join('');
}

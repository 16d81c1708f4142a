import { resolve } from 'node:path';
import { ProblemError, problem } from '../core/problems.ts';
import type { Terminal } from './command.ts';
import type { ReadOptions } from './options.ts';
import { readRemembered } from './remembered-store.ts';
import { bucketOf } from './store-url.ts';

export const DEFAULT_FOLDER = 'clusterdrop-data';

/** How somebody came to mean an installation: what they typed, their environment, what was remembered, or nothing at all. */
export type Source = 'option' | 'environment' | 'remembered' | 'default';

/** Where an installation is. */
export type Place =
  | { readonly kind: 'folder'; readonly dir: string; readonly from: Source }
  | { readonly kind: 'bucket'; readonly bucket: string; readonly from: Source };

/**
 * Which installation is meant: `--store` or `--dir`, else `CLUSTERDROP_STORE` or `CLUSTERDROP_DIR`, else the one that is
 * remembered, else `./clusterdrop-data`.
 * @throws ProblemError `clashing-options`, `bad-option`, `bad-configuration`
 */
export function placeOf(options: ReadOptions, { env, cwd }: Pick<Terminal, 'env' | 'cwd'>): Place {
  const named = (store: string | undefined, dir: string | undefined, names: readonly [string, string]) => {
    const [storeName, dirName] = names;
    if (store !== undefined && dir !== undefined) {
      const why = 'each names an installation';
      throw new ProblemError(problem('clashing-options', { one: storeName, other: dirName, why }));
    }
    const from: Source = storeName.startsWith('--') ? 'option' : 'environment';
    if (store !== undefined) return { kind: 'bucket' as const, bucket: demandBucket(store, storeName), from };
    return dir === undefined ? undefined : { kind: 'folder' as const, dir: resolve(cwd, dir), from };
  };
  return (
    named(options.get('store'), options.get('dir'), ['--store', '--dir']) ??
    named(env['CLUSTERDROP_STORE'] || undefined, env['CLUSTERDROP_DIR'] || undefined, [
      'CLUSTERDROP_STORE',
      'CLUSTERDROP_DIR',
    ]) ??
    rememberedPlace(env) ?? { kind: 'folder', dir: resolve(cwd, DEFAULT_FOLDER), from: 'default' }
  );
}

function demandBucket(store: string, option: string): string {
  const bucket = bucketOf(store);
  if (bucket !== undefined) return bucket;
  throw new ProblemError(problem('bad-option', { option, found: store, wants: "s3:// and a bucket's name" }));
}

function rememberedPlace(env: Terminal['env']): Place | undefined {
  const { store } = readRemembered(env);
  const bucket = store === undefined ? undefined : bucketOf(store);
  return bucket === undefined ? undefined : { kind: 'bucket', bucket, from: 'remembered' };
}

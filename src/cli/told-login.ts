import { realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { type LoginFacts, readLoginFacts } from '../core/login-facts.ts';
import { sshCommand } from '../core/report/ssh-command.ts';
import type { StatusFile } from '../core/report/status-file.ts';
import type { ClusterView } from '../engine/client/cluster-view.ts';
import { foldersOf } from '../local/open-folder-stores.ts';
import type { Stores } from './open-stores.ts';

/** What a status says of logging in, as far as it is believed: whoever may write into the folder may have written it. */
export function toldLogin({ ssh }: StatusFile, { folder }: Pick<Stores, 'folder'>): LoginFacts {
  const { keyFile, ...facts } = readLoginFacts({
    port: ssh?.port?.toString(),
    hostKey: ssh?.hostKey ?? undefined,
    keyFile: ssh?.keyFile,
  });
  const isOurs = keyFile !== undefined && folder !== undefined && isKeyOf(folder, keyFile);
  return { ...facts, ...(isOurs && { keyFile }) };
}

/**
 * The command that logs in. Not the one in the file: it is to be pasted into a shell, perhaps by somebody else than who could write the
 * file. It is made of what can be nothing but an address, a port and a key.
 */
export function toldCommand(
  { cluster, status }: Pick<ClusterView, 'cluster' | 'status'>,
  stores: Pick<Stores, 'folder'>,
): string | undefined {
  return status && sshCommand(cluster, status.address, toldLogin(status, stores));
}

/** True for a file that really lies among the keys that this installation has made: only these are for its clusters. */
function isKeyOf(folder: string, file: string): boolean {
  try {
    const keys = realpathSync(join(foldersOf(folder).internal, 'keys'));
    const real = realpathSync(file);
    return real.startsWith(keys + sep) && statSync(real).isFile();
  } catch {
    return false;
  }
}

import type { ComputeHosts } from './compute-hosts.ts';
import { engineTrouble } from './engine-trouble.ts';
import type { FilesKeeper } from './files-keeper.ts';
import { type HostedStack, stands } from './hosted-stack.ts';
import type { Hosting } from './hosting.ts';
import type { Labels } from './labels.ts';
import { BucketTrouble } from './save-files.ts';
import { Overtaken, type StackOperation } from './stack-operation.ts';

export interface EndParts {
  readonly hosting: Hosting;
  readonly operation: StackOperation;
  readonly labels: Labels;
  readonly files: FilesKeeper;
  readonly compute: ComputeHosts;
  readonly signal: AbortSignal;
}

/** Takes a stack away, its files saved; each step can be repeated. @throws Overtaken */
export async function endCluster(parts: EndParts, stack: HostedStack): Promise<void> {
  if (stands(stack, 'LoginReady')) await saveLast(parts, stack);
  await removeAll(parts);
  await parts.hosting.marks.forget(stack.id);
  await parts.operation.turn({ status: 'DELETE_COMPLETE' });
}

/** Takes away what a failed creation has made. @throws Overtaken */
export async function rollBackCluster(parts: EndParts): Promise<void> {
  const { operation } = parts;
  try {
    await removeAll(parts);
  } catch (error) {
    const trouble = engineTrouble(error);
    if (error instanceof Overtaken || trouble.kind !== 'gone') throw error;
    // Whoever asked is told now; what there is goes with the deletion that follows, which can wait.
    await operation.turn({ status: 'ROLLBACK_FAILED', reason: trouble.message });
    return;
  }
  await operation.turn({ status: 'ROLLBACK_COMPLETE' });
}

async function saveLast({ operation, files, signal }: EndParts, stack: HostedStack): Promise<void> {
  try {
    await files.lastTime(stack, signal);
  } catch (error) {
    if (!(error instanceof BucketTrouble)) throw error;
    const reason = `~/files could not be saved, so nothing was removed: ${error.message}`;
    await operation.turn({ resource: 'LoginHost', status: 'DELETE_FAILED', reason });
    const lost = 'The following resource(s) failed to delete: [LoginHost].';
    await operation.turn({ status: 'DELETE_FAILED', reason: lost });
    throw new Overtaken();
  }
}

/** Hosts, then what they rested on. */
async function removeAll({ hosting: { engine }, operation, labels, compute }: EndParts): Promise<void> {
  await compute.settled();
  await Promise.all((await engine.hosts(labels)).map(({ id }) => engine.removeHost(id)));
  await operation.turn({ resource: 'LoginHost', status: 'DELETE_COMPLETE' });
  await Promise.all((await engine.volumes.list(labels)).map(({ id }) => engine.volumes.remove(id)));
  await operation.turn({ resource: 'HomeVolume', status: 'DELETE_COMPLETE' });
  await Promise.all((await engine.networks.list(labels)).map(({ id }) => engine.networks.remove(id)));
  await operation.turn({ resource: 'Network', status: 'DELETE_COMPLETE' });
}

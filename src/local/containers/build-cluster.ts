import { setTimeout as pause } from 'node:timers/promises';
import { ENGINE_SILENCE } from './engine-patience.ts';
import { engineTrouble } from './engine-trouble.ts';
import { type HostedStack, type ResourceName, stands } from './hosted-stack.ts';
import type { Hosting } from './hosting.ts';
import type { Labels } from './labels.ts';
import { type LoginHost, outputsOf } from './login-host.ts';
import { Overtaken, ResourceFailure, type StackOperation } from './stack-operation.ts';

/** How long an engine that does not answer is waited for before a creation is given up. */
const ENGINE_PATIENCE = 120_000;
/** The same for one that answers, but fails within itself: it may be about to end. */
const INNER_PATIENCE = 15_000;
const PAUSE = 1000;

export interface BuildParts {
  readonly hosting: Hosting;
  readonly operation: StackOperation;
  readonly labels: Labels;
  readonly login: LoginHost;
  /** Resolves with the public host key when the login host can be logged in to. */
  readonly ready: () => Promise<string>;
  /** A private key that lets the user in, where they have been made one. */
  readonly keyFile: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * Makes the resources of a stack one by one, each only if it does not stand yet: so it can be cut short anywhere and begun anew.
 * Ends with the stack complete, or with it to be rolled back. @throws Overtaken
 */
export async function buildCluster(parts: BuildParts, stack: HostedStack): Promise<void> {
  const { operation, signal, keyFile } = parts;
  try {
    await makeAll(parts, stack);
    const { hostKey = '', door } = await operation.now();
    const key = { LoginHostKey: hostKey, ...(keyFile !== undefined && { LoginKeyFile: keyFile }) };
    await operation.turn({ status: 'CREATE_COMPLETE' }, { outputs: { ...outputsOf(door), ...key } });
  } catch (error) {
    if (error instanceof Overtaken || signal.aborted) throw new Overtaken();
    const { resource, message: reason } =
      error instanceof ResourceFailure
        ? error
        : new ResourceFailure('LoginHost', engineTrouble(error).message);
    await operation.turn({ resource, status: 'CREATE_FAILED', reason });
    const lost = `The following resource(s) failed to create: [${resource}].`;
    await operation.turn({ status: 'ROLLBACK_IN_PROGRESS', reason: lost });
  }
}

async function makeAll(parts: BuildParts, stack: HostedStack): Promise<void> {
  const { hosting, operation, labels, login, ready } = parts;
  const { engine, images, marks } = hosting;
  const make = (resource: ResourceName, work: () => Promise<Partial<HostedStack> | void>) =>
    made(parts, stack, resource, work);
  await make('HostImage', async () => ({ image: await images.idFor(stack.blueprint.name) }));
  await Promise.all([
    make('Network', () => engine.networks.ensure(stack.name, labels)),
    make('HomeVolume', () => engine.volumes.ensure(`${stack.name}-home`, labels)),
  ]);
  await make('LoginHost', async () => {
    await marks.forget(stack.id);
    return { door: await login.make(await operation.now(), true) };
  });
  await make('LoginReady', async () => ({ hostKey: await ready() }));
}

/** Makes one resource, unless it stands, and writes that down with what `work` gives. Waits for an engine that is away for a moment. */
async function made(
  { operation, signal }: BuildParts,
  stack: HostedStack,
  resource: ResourceName,
  work: () => Promise<Partial<HostedStack> | void>,
): Promise<void> {
  if (stands(stack, resource)) return;
  await operation.turn({ resource, status: 'CREATE_IN_PROGRESS' });
  let failing = 0;
  for (let told = false; ; ) {
    const began = performance.now();
    try {
      const facts = await work();
      return await operation.turn({ resource, status: 'CREATE_COMPLETE' }, facts ?? {});
    } catch (error) {
      if (error instanceof Overtaken || error instanceof ResourceFailure) throw error;
      // What went well for a while fails anew.
      if (failing === 0 || performance.now() - began > longestFailure(error)) failing = performance.now();
      const reason = `waiting: ${passing(error, resource, performance.now() - failing)}`;
      if (!told) await operation.turn({ resource, status: 'CREATE_IN_PROGRESS', reason });
      told = true;
      await operation.unlessStopped(signal);
      await pause(PAUSE);
    }
  }
}

/** How long an attempt takes that went wrong from the start: a silent engine is waited for within it. */
function longestFailure(error: unknown): number {
  return engineTrouble(error).kind === 'gone' ? ENGINE_SILENCE + INNER_PATIENCE : INNER_PATIENCE;
}

/** What is waited for. @throws ResourceFailure when it does not pass, or has lasted too long */
function passing(error: unknown, resource: ResourceName, lasts: number): string {
  const { kind, message } = engineTrouble(error);
  if (kind !== 'gone' && !(kind === 'inner' && lasts < INNER_PATIENCE))
    throw new ResourceFailure(resource, message);
  if (lasts <= ENGINE_PATIENCE) return message;
  const waited = `it was waited for for ${ENGINE_PATIENCE / 60_000} minutes. Start it, and send your request again`;
  throw new ResourceFailure(resource, `${message}; ${waited}`);
}

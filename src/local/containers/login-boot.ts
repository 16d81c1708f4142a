import type { Alarm } from './alarm.ts';
import type { Host } from './container-engine.ts';
import { EngineTrouble } from './engine-trouble.ts';
import type { Hosting } from './hosting.ts';
import type { LoginHost } from './login-host.ts';
import type { LoginLine } from './login-lines.ts';
import { ResourceFailure } from './stack-operation.ts';

/** As CloudFormation waits for a signal; a profile may install a lot. */
const PATIENCE = 30 * 60_000;
const RESTARTS = 2;
const LOOK_EVERY = 1000;

/** What the login host told last of its boot. */
export type BootLine = Extract<LoginLine, { kind: 'step' | 'ready' | 'failed' }>;

export interface BootParts {
  readonly hosting: Pick<Hosting, 'engine'>;
  readonly login: LoginHost;
  readonly alarm: Alarm;
  readonly told: () => BootLine | undefined;
  /** Why nothing can be heard. */
  readonly mute: () => string | undefined;
  /** Sees to it that the host is listened to. */
  readonly listen: (login: Host) => Promise<void>;
  /** Throws when it is not to be waited for any more. */
  readonly unlessStopped: () => Promise<void>;
}

/** The host's public ssh key, as soon as it can be logged in to. @throws ResourceFailure when its boot fails; EngineTrouble */
export async function booted({
  hosting,
  login,
  alarm,
  told,
  mute,
  listen,
  unlessStopped,
}: BootParts): Promise<string> {
  const deadline = performance.now() + PATIENCE;
  for (let starts = 0; ; ) {
    await unlessStopped();
    const host = await login.find();
    if (!host) throw failure('the login node was removed while it started');
    if (!host.isRunning && starts < RESTARTS) {
      // An engine that is started anew has stopped all its containers; a boot that fails stays up to be looked at.
      starts++;
      await hosting.engine.start(host.id);
      continue;
    }
    if (!host.isRunning) {
      const words = await hosting.engine.lastWords(host.id, 20).catch(() => '');
      throw failure(`the login node stopped while it started\n${words}`.trim());
    }
    await listen(host);
    const boot = told();
    if (boot?.kind === 'ready') return boot.hostKey;
    if (boot?.kind === 'failed')
      throw failure(
        `the login node could not start: its step "${boot.name}" failed. It said last:\n${boot.log.join('\n')}`,
      );
    const silence = mute();
    if (silence !== undefined) throw new EngineTrouble('inner', silence);
    if (performance.now() > deadline)
      throw failure(
        `the login node was not ready after ${PATIENCE / 60_000} minutes; it was still at the step "${boot?.name ?? 'first'}"`,
      );
    await alarm.wait(LOOK_EVERY);
  }
}

function failure(message: string): ResourceFailure {
  return new ResourceFailure('LoginReady', message);
}

import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { demuxed } from './demuxed.ts';
import { asked } from './engine-calls.ts';
import { hungUp } from './engine-trouble.ts';
import { HostTrouble } from './host-trouble.ts';

export interface Said {
  /** Exit code of the command. */
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A command that runs. Both streams have to be read. */
export interface OpenCommand {
  readonly out: Readable;
  readonly err: Readable;
  /** Its exit code, once the streams have come to their end. */
  readonly ended: Promise<number>;
  /** Lets go of it; it may run on. */
  readonly close: () => void;
}

/**
 * As whom a command runs (root if not said), what it reads, and how long it may take: the host is its user's, who can hold up anything
 * there, with silence or with drops.
 */
export interface CommandLimits {
  /** `UID:GID` */
  readonly user?: string;
  /** What its standard input gives it. That is never closed, which not every engine would pass on: the command has to know its length. */
  readonly input?: Buffer;
  /** It breaks off when nothing came for so long. */
  readonly patienceMs?: number;
  /** It breaks off when it takes longer. */
  readonly longestMs?: number;
}

/** Longest output of a command that is read. */
const MOST_OUTPUT = 1_000_000;

/** Runs a command in a running host, and gives its output: of each stream the first megabyte. @throws EngineTrouble */
export async function runCommand(
  host: Docker.Container,
  command: readonly string[],
  longestMs: number,
): Promise<Said> {
  const { out, err, ended } = await openCommand(host, command, { longestMs });
  const [said, complained, code] = await Promise.all([firstOf(out), firstOf(err), ended]);
  return { code, out: said, err: complained };
}

/** @throws EngineTrouble; `ended` rejects with it where a limit is reached */
export async function openCommand(
  host: Docker.Container,
  command: readonly string[],
  { user = '0', input, patienceMs, longestMs }: CommandLimits,
): Promise<OpenCommand> {
  const stdin = input !== undefined;
  const exec = await asked(() =>
    host.exec({
      Cmd: [...command],
      User: user,
      AttachStdin: stdin,
      AttachStdout: true,
      AttachStderr: true,
      Tty: false,
    }),
  );
  const stream = await asked(() => exec.start({ hijack: stdin, stdin }));
  if (stdin) {
    // Nobody may listen any more when the engine hangs up.
    stream.on('error', () => undefined);
    stream.write(input);
  }
  const [what = ''] = command;
  if (patienceMs !== undefined) endWhenSilent(stream, patienceMs, what);
  if (longestMs !== undefined) endWhenLong(stream, longestMs, what);
  const { out, err, over } = demuxed(stream);
  const ended = asked(async () => {
    await over.catch((error: unknown) => {
      // So it looks when a command ends before it has read all; an engine that is gone does not answer what follows either.
      if (!stdin || !hungUp(error)) throw error;
    });
    return (await exec.inspect()).ExitCode ?? -1;
  });
  ended.catch(() => undefined);
  return { out, err, ended, close: () => stream.destroy() };
}

function endWhenSilent(stream: Readable, patienceMs: number, what: string): void {
  const silent = () =>
    stream.destroy(new HostTrouble(`"${what}" on the host said nothing for ${patienceMs / 1000} s`));
  const timer = setTimeout(silent, patienceMs);
  stream.on('data', () => timer.refresh());
  stream.once('close', () => clearTimeout(timer));
}

function endWhenLong(stream: Readable, longestMs: number, what: string): void {
  const late = () =>
    stream.destroy(
      new HostTrouble(`"${what}" on the host did not come to an end within ${longestMs / 1000} s`),
    );
  const timer = setTimeout(late, longestMs);
  stream.once('close', () => clearTimeout(timer));
}

async function firstOf(stream: Readable): Promise<string> {
  let said = '';
  for await (const chunk of stream) if (said.length < MOST_OUTPUT) said += String(chunk);
  return said.slice(0, MOST_OUTPUT);
}

import { homedir } from 'node:os';
import { join } from 'node:path';
import { START_ENGINE } from '../../core/hosts-problems.ts';
import { type EngineHome, isHome, type KeptEngine } from './engine-home.ts';
import { engineTrouble } from './engine-trouble.ts';
import { type OpenedEngine, openEngine } from './open-engine.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A place where none answers. */
export interface TriedSocket {
  readonly socket: string;
  readonly why: string;
  /** A sentence on how to get one there, where that is known. */
  readonly help?: string;
}

export interface NoEngine {
  /** Where it was looked for, and what happened there. */
  readonly tried: readonly TriedSocket[];
  /** How to get one. */
  readonly help: string;
}

/** The Docker of a distribution. */
const SYSTEM_DOCKER = /^(?:\/var)?\/run\/docker\.sock$/;

/** When a machine starts, its engine may take a while to answer. */
const PATIENCE_AT_HOME = 30_000;

/**
 * The first container engine that answers: where `DOCKER_HOST` points, and nowhere else, or in one of the usual places. `home`: where
 * clusters live; then it is that engine or none, since another one would give them an empty /home.
 */
export async function findEngine(
  environment: Environment,
  home?: EngineHome,
): Promise<OpenedEngine | NoEngine> {
  const tried: TriedSocket[] = [];
  for (const socket of socketsOf(environment, home?.kept.socket)) {
    const path = socketPath(socket);
    if (path === undefined) {
      tried.push({
        socket,
        why: 'only a socket on this machine will do (unix:///path): ssh is published there',
      });
      continue;
    }
    try {
      const opened = await openEngine(path, path === home?.kept.socket ? PATIENCE_AT_HOME : undefined);
      if (!home || (await isHome(home, opened))) return opened;
      tried.push({ socket: path, why: `another engine answers, ${opened.name}` });
    } catch (error) {
      tried.push(triedSocket(path, error));
    }
  }
  if (home) return { tried, help: helpToGet(home.kept, tried) };
  return { tried, help: tried.find(({ help }) => help !== undefined)?.help ?? START_ENGINE };
}

function helpToGet({ name, socket: home }: KeptEngine, tried: readonly TriedSocket[]): string {
  const there = tried.find(({ socket }) => socket === home);
  if (!there) return `Let DOCKER_HOST be unix://${home}, and see that ${name} runs.`;
  return there.help ?? `See that ${name} runs, with the data that it had, and listens at ${home}.`;
}

/** What `error` says of a socket, to somebody who has never seen one. */
export function triedSocket(socket: string, error: unknown): TriedSocket {
  const { cause, message } = engineTrouble(error);
  const isSystems = SYSTEM_DOCKER.test(socket);
  switch (Object(cause).code) {
    case 'EACCES':
    case 'EPERM':
      return {
        socket,
        why: 'you may not use it',
        help: isSystems
          ? 'Docker is there, but you may not use it: "sudo usermod -aG docker $USER", and log in again (or run this as root).'
          : `A container engine is at ${socket}, but you may not use it: ask its owner, or name another one with DOCKER_HOST.`,
      };
    case 'ECONNREFUSED':
      return {
        socket,
        why: 'nothing listens there',
        help: isSystems
          ? 'Docker is installed, but does not run: "sudo systemctl start docker".'
          : `The container engine of ${socket} does not run: start it.`,
      };
    default:
      return { socket, why: message };
  }
}

/** https://docs.docker.com/reference/cli/docker/#environment-variables, and where Docker, Podman, Colima and Rancher Desktop listen. */
export function socketsOf(
  { DOCKER_HOST: named, XDG_RUNTIME_DIR: runtime, HOME: home = homedir() }: Environment,
  first?: string,
): string[] {
  if (named) return [named];
  const ofUser = runtime ? [join(runtime, 'docker.sock'), join(runtime, 'podman', 'podman.sock')] : [];
  const desktops = [
    '.docker/run/docker.sock',
    '.docker/desktop/docker.sock',
    '.colima/default/docker.sock',
    '.rd/docker.sock',
  ];
  const usual = [
    '/var/run/docker.sock',
    ...ofUser,
    '/run/podman/podman.sock',
    ...desktops.map((path) => join(home, path)),
  ];
  return first === undefined ? usual : [first, ...usual.filter((socket) => socket !== first)];
}

function socketPath(socket: string): string | undefined {
  if (socket.startsWith('unix://')) return socket.slice('unix://'.length);
  return socket.startsWith('/') ? socket : undefined;
}

import { homedir } from 'node:os';
import { join } from 'node:path';
import { START_ENGINE } from '../../core/hosts-problems.ts';
import type { ContainerEngine } from './container-engine.ts';
import { engineTrouble } from './engine-trouble.ts';
import { openEngine } from './open-engine.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface FoundEngine {
  readonly engine: ContainerEngine;
  /** `Docker 20.10.24` */
  readonly name: string;
  /** Where it answers. */
  readonly socket: string;
}

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

/** The first container engine that answers: where `DOCKER_HOST` points, and nowhere else, or in one of the usual places. */
export async function findEngine(environment: Environment): Promise<FoundEngine | NoEngine> {
  const tried: TriedSocket[] = [];
  for (const socket of socketsOf(environment)) {
    const path = socketPath(socket);
    if (path === undefined) {
      tried.push({
        socket,
        why: 'only a socket on this machine will do (unix:///path): ssh is published there',
      });
      continue;
    }
    try {
      const engine = await openEngine(path);
      return { engine, name: await engine.name(), socket: path };
    } catch (error) {
      tried.push(triedSocket(path, error));
    }
  }
  return { tried, help: tried.find(({ help }) => help !== undefined)?.help ?? START_ENGINE };
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
export function socketsOf({
  DOCKER_HOST: named,
  XDG_RUNTIME_DIR: runtime,
  HOME: home = homedir(),
}: Environment): string[] {
  if (named) return [named];
  const ofUser = runtime ? [join(runtime, 'docker.sock'), join(runtime, 'podman', 'podman.sock')] : [];
  const desktops = [
    '.docker/run/docker.sock',
    '.docker/desktop/docker.sock',
    '.colima/default/docker.sock',
    '.rd/docker.sock',
  ];
  return [
    '/var/run/docker.sock',
    ...ofUser,
    '/run/podman/podman.sock',
    ...desktops.map((path) => join(home, path)),
  ];
}

function socketPath(socket: string): string | undefined {
  if (socket.startsWith('unix://')) return socket.slice('unix://'.length);
  return socket.startsWith('/') ? socket : undefined;
}

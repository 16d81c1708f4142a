import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ContainerEngine } from './container-engine.ts';
import { openEngine } from './open-engine.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface FoundEngine {
  readonly engine: ContainerEngine;
  /** `Docker 20.10.24` */
  readonly name: string;
  /** Where it answers. */
  readonly socket: string;
}

export interface NoEngine {
  /** Where it was looked for, and what happened there. */
  readonly tried: readonly { readonly socket: string; readonly why: string }[];
}

/** The first container engine that answers: where `DOCKER_HOST` points, and nowhere else, or in one of the usual places. */
export async function findEngine(environment: Environment): Promise<FoundEngine | NoEngine> {
  const tried: { socket: string; why: string }[] = [];
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
      tried.push({ socket: path, why: error instanceof Error ? error.message : String(error) });
    }
  }
  return { tried };
}

/** https://docs.docker.com/reference/cli/docker/#environment-variables, and where Docker, Podman, Colima and Rancher Desktop listen. */
function socketsOf({
  DOCKER_HOST: named,
  XDG_RUNTIME_DIR: runtime,
  HOME: home = homedir(),
}: Environment): string[] {
  if (named) return [named];
  const ofUser = runtime ? [join(runtime, 'docker.sock'), join(runtime, 'podman', 'podman.sock')] : [];
  const desktops = ['.docker/run/docker.sock', '.colima/default/docker.sock', '.rd/docker.sock'];
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

import { createHash } from 'node:crypto';
import { EngineTrouble } from './engine-trouble.ts';

/** Where ssh of a login host, its port 22, is published on this machine. */
export interface Door {
  readonly address: string;
  readonly port: number;
}

/** All of 127.77.0.0/16 but what looks like a network's own addresses. */
const ADDRESSES = 254 * 254;
const ATTEMPTS = 20;
/** The second for machines whose own ssh server, or whose rights, leave no 22. */
const PORTS = [22, 2222];

/**
 * Opens a door for a stack. Each life of a cluster has a loopback address of its own, so that no ssh client finds another key where it
 * knew one; port 22 where this machine lets us, else a high one; and where the system has no loopback address but the first (macOS),
 * a port of its own there. `open` starts the host with a door and throws `EngineTrouble` of kind `taken` where it is not to be had. `before`: the one
 * that it had until now.
 */
export async function openDoor(
  seed: string,
  open: (door: Door) => Promise<void>,
  before?: Door,
): Promise<Door> {
  const start = createHash('sha256').update(seed).digest().readUInt32BE(0);
  let last: unknown;
  for (const door of [...(before ? [before] : []), ...doors(start)]) {
    try {
      await open(door);
      return door;
    } catch (error) {
      if (!(error instanceof EngineTrouble && error.kind === 'taken')) throw error;
      last = error;
    }
  }
  throw last;
}

function* doors(start: number): Generator<Door> {
  for (let attempt = 0; attempt < 2; attempt++) {
    const address = addressAt(start + attempt);
    for (const port of PORTS) yield { address, port };
  }
  for (let attempt = 0; attempt < ATTEMPTS; attempt++)
    yield { address: '127.0.0.1', port: 20_000 + ((start + attempt) % 10_000) };
}

function addressAt(number: number): string {
  const at = number % ADDRESSES;
  return `127.77.${Math.floor(at / 254) + 1}.${(at % 254) + 1}`;
}

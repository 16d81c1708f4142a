import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PATIENCE = 5000;

interface Interface {
  readonly ifname?: string;
  readonly addr_info?: readonly { readonly local?: string }[];
}

export interface Bridge {
  readonly name: string;
  /** IPv4 */
  readonly address: string;
}

/**
 * The bridges that Docker has made on this machine, also those that are down, which Node.js does not list.
 * Empty where nothing tells: on other systems the engine runs in a machine of its own.
 */
export async function bridges(): Promise<readonly Bridge[]> {
  try {
    const { stdout } = await run('ip', ['-json', '-4', 'address', 'show'], { timeout: PATIENCE });
    return (JSON.parse(stdout) as readonly Interface[])
      .filter(({ ifname = '' }) => /^br-[0-9a-f]{12}$/.test(ifname))
      .flatMap(({ ifname: name = '', addr_info = [] }) =>
        addr_info.flatMap(({ local: address }) => (address === undefined ? [] : { name, address })),
      );
  } catch {
    return [];
  }
}

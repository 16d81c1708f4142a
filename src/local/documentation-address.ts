import { sha256Hex } from '../core/sha256.ts';

/** The three networks that belong to nobody. https://www.rfc-editor.org/rfc/rfc5737 */
const NETWORKS = ['192.0.2', '198.51.100', '203.0.113'];
const HOSTS = 254;

/**
 * A login address that can never be anybody's, decided by the stack's id alone as long as it is free; else the next free one. When
 * all 762 are taken, addresses repeat.
 */
export function documentationAddress(id: string, taken: ReadonlySet<string>): string {
  const all = NETWORKS.length * HOSTS;
  const first = Number.parseInt(sha256Hex(id).slice(0, 8), 16) % all;
  for (let step = 0; step < all; step++) {
    const address = addressAt((first + step) % all);
    if (!taken.has(address)) return address;
  }
  return addressAt(first);
}

function addressAt(index: number): string {
  return `${NETWORKS[Math.floor(index / HOSTS)]}.${(index % HOSTS) + 1}`;
}

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { documentationAddress } from './documentation-address.ts';

/** Which living stack has which address: one file each, so that a creation need not read every stack. For the inside of a lock. */
export class AddressClaims {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  /** An address for the stack `id`; claimed only by `claimSync`, so that a crash between the two leaks none. */
  chooseSync(id: string): string {
    return documentationAddress(id, new Set(readdirSync(this.#folder)));
  }

  /** Once all addresses are taken they repeat: the claim stays with the first, and the others have none. */
  claimSync(address: string, id: string): void {
    try {
      writeFileSync(join(this.#folder, address), id, { flag: 'wx' });
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
  }

  releaseSync(address: string, id: string): void {
    const path = join(this.#folder, address);
    try {
      if (readFileSync(path, 'utf8') === id) rmSync(path);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
    }
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

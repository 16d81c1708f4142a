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

  claimSync(address: string, id: string): void {
    writeFileSync(join(this.#folder, address), id);
  }

  /** Once all addresses are taken they repeat: only the claim of this very stack is given up. */
  releaseSync(address: string, id: string): void {
    const path = join(this.#folder, address);
    try {
      if (readFileSync(path, 'utf8') === id) rmSync(path);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  }
}

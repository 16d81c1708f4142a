import { vi } from 'vitest';

/** What comes by itself, mostly at once, is looked for until it is so. A slow machine is no failure; what never comes is one. */
export function soon<T>(look: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(look, { timeout: 50_000, interval: 20 });
}

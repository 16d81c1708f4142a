import { vi } from 'vitest';
import { type Moto, startMoto } from './moto.ts';

/** Starts an emulator and points this process at it. Credentials that mean nothing are set for all tests (vitest.config.ts). */
export async function onEmulator(): Promise<Moto> {
  const moto = await startMoto();
  vi.stubEnv('AWS_ENDPOINT_URL', moto.endpoint);
  return {
    ...moto,
    stop: async () => {
      vi.unstubAllEnvs();
      await moto.stop();
    },
  };
}

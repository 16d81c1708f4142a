import type { ObjectStore } from '../../engine/ports.ts';

/** Something that an installation brings along for the administrator's bucket. */
export interface Upload {
  /** Where it lies then: as long as there is something, nothing is put there. */
  readonly key: string;
  readonly put: (admin: ObjectStore) => Promise<unknown>;
}

export function fileUpload(key: string, body: Uint8Array | string): Upload {
  return { key, put: (admin) => admin.put(key, body, { ifAbsent: true }) };
}

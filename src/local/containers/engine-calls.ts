import { EngineTrouble, engineTrouble } from './engine-trouble.ts';
import type { Labels } from './labels.ts';

/** @throws EngineTrouble whatever goes wrong */
export async function asked<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw engineTrouble(error);
  }
}

export async function unlessAbsent<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    const trouble = engineTrouble(error);
    if (trouble.kind === 'absent') return undefined;
    throw trouble;
  }
}

export async function unlessThere<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    const trouble = engineTrouble(error);
    if (trouble.kind === 'conflict') return undefined;
    throw trouble;
  }
}

/** What bears our name but not our labels is somebody else's: never touched. */
export function ownedAs(found: Labels, wanted: Labels, what: string): true {
  if (Object.entries(wanted).every(([key, value]) => found[key] === value)) return true;
  throw new EngineTrouble(
    'conflict',
    `there is a ${what} already, which belongs to something else: remove or rename it`,
  );
}

import { EngineTrouble } from './engine-trouble.ts';

/** What a host itself refuses, as its user can make it do at any time: never a reason to keep it. */
export class HostTrouble extends EngineTrouble {
  constructor(message: string) {
    super('other', message);
  }
}

/** From here on no program has ended by itself: it could not be begun, or was killed, as those of a host that is being stopped. */
const NOT_BY_ITSELF = 126;

/** A command that has failed, by its exit code: the engine may have done that, too. */
export function commandTrouble(code: number, message: string): EngineTrouble {
  const isItsOwn = code >= 0 && code < NOT_BY_ITSELF;
  return isItsOwn ? new HostTrouble(message) : new EngineTrouble('other', message);
}

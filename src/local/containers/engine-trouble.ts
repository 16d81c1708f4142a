export type EngineTroubleKind =
  /** It does not answer: it may do so in a minute. */
  | 'gone'
  /** The address or port is somebody else's. */
  | 'taken'
  /** What was named is not there. */
  | 'absent'
  /** It is there already, or in a state that does not allow it. */
  | 'conflict'
  /** It failed within itself, for a reason that we know nothing of: an engine that is being stopped says such things. */
  | 'inner'
  /** It has no room, no addresses or no image for what it is asked: its administrator has to see to that. */
  | 'lacking'
  | 'other';

/** What a container engine could not do, in words for people. */
export class EngineTrouble extends Error {
  override readonly name = 'EngineTrouble';
  readonly kind: EngineTroubleKind;

  constructor(kind: EngineTroubleKind, message: string, options?: { cause: unknown }) {
    super(message, options);
    this.kind = kind;
  }
}

const NO_ANSWER = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ECONNABORTED']);
/** Only said of the engine's socket; else it is a file that cannot be read, say. */
const NO_SOCKET = new Set(['ENOENT', 'EACCES', 'EPERM']);

/** The connection was there, and broke: what was asked for may have been done, or half done. */
const HUNG_UP = new Set<unknown>(['ECONNRESET', 'EPIPE', 'ECONNABORTED']);

export function hungUp(error: unknown): boolean {
  const { code } = Object(engineTrouble(error).cause) as { code?: unknown };
  return HUNG_UP.has(code);
}

/** What engines say, and what a person can make of it. The engine's own words stay: only its administrator understands some. */
const IN_OTHER_WORDS: readonly (readonly [RegExp, (said: string) => string])[] = [
  [
    /no space left on device|disk quota exceeded/i,
    (said) => `the disk of the container engine is full (${said})`,
  ],
  [
    /address pools have been fully subnetted|non-overlapping IPv4 address pool/i,
    () =>
      'the container engine has no addresses left for another network: end a cluster, or remove networks that nobody needs',
  ],
  [/no such image/i, (said) => `the image of the hosts is not there any more (${said})`],
];

/** Said of our own files. */
const FULL = new Set(['ENOSPC', 'EDQUOT']);

const TAKEN =
  /address already in use|port is already allocated|can(?:no|')t assign requested address|bind.*permission denied|permission denied.*bind|rootlessport/i;

/** Any failure of a call to the engine, as an `EngineTrouble`. */
export function engineTrouble(error: unknown): EngineTrouble {
  if (error instanceof EngineTrouble) return error;
  const {
    code,
    syscall,
    statusCode,
    message = String(error),
  } = Object(error) as {
    code?: unknown;
    syscall?: unknown;
    statusCode?: unknown;
    message?: string;
  };
  const options = { cause: error };
  if (typeof code === 'string' && (NO_ANSWER.has(code) || (syscall === 'connect' && NO_SOCKET.has(code))))
    return new EngineTrouble('gone', `the container engine does not answer (${message})`, options);
  const said = message
    .replace(/^\(HTTP code \d+\)\s*[^-]*-\s*/, '')
    .replace(/\s+/g, ' ')
    .trim();
  if (typeof code === 'string' && FULL.has(code) && statusCode === undefined)
    return new EngineTrouble(
      'lacking',
      `the disk that Clusterdrop keeps its records on is full (${code})`,
      options,
    );
  const known = IN_OTHER_WORDS.find(([pattern]) => pattern.test(said))?.[1](said);
  const words = known ?? said;
  if (TAKEN.test(said)) return new EngineTrouble('taken', words, options);
  if (statusCode === 404) return new EngineTrouble('absent', words, options);
  // An engine that is being stopped stops its containers first, and answers on for a while.
  if (statusCode === 409 && /is not running|is restarting|is paused/i.test(said))
    return new EngineTrouble('inner', words, options);
  if (statusCode === 409) return new EngineTrouble('conflict', words, options);
  if (known !== undefined) return new EngineTrouble('lacking', words, options);
  const isInner = typeof statusCode === 'number' && statusCode >= 500;
  return new EngineTrouble(isInner ? 'inner' : 'other', words, options);
}

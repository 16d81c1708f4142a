import { visible } from './report/visible.ts';

/** What else than its address somebody needs to log in to a cluster; each only where it is known. */
export interface LoginFacts {
  /** Where its sshd listens, if that is not port 22. */
  readonly port?: number;
  /** Its public host keys, `type base64`, one a line. */
  readonly hostKey?: string;
  /** A private key on this machine that lets its owner in: where clusters run on the machine that people sit at. */
  readonly keyFile?: string;
}

/** The same as somebody wrote it. */
export interface ToldLogin {
  readonly port: string | undefined;
  readonly hostKey: string | undefined;
  readonly keyFile: string | undefined;
}

export const USUAL_PORT = 22;

/**
 * Reads what a stack or a status says of logging in. Both may come from hostile ground, and it ends up in a command that people paste:
 * what is not exactly as it should be is left out.
 */
export function readLoginFacts(told: ToldLogin): LoginFacts {
  const port = portOf(told.port);
  const hostKey = hostKeyOf(told.hostKey);
  const keyFile = keyFileOf(told.keyFile);
  return {
    ...(port !== undefined && port !== USUAL_PORT && { port }),
    ...(hostKey !== undefined && { hostKey }),
    ...(keyFile !== undefined && { keyFile }),
  };
}

/** The same from the outputs of a stack: `LoginPort`, `LoginHostKey`, `LoginKeyFile`. */
export function loginFactsOf(outputs: Readonly<Record<string, string>>): LoginFacts {
  const at = (name: string) => (Object.hasOwn(outputs, name) ? outputs[name] : undefined);
  return readLoginFacts({
    port: at('LoginPort'),
    hostKey: at('LoginHostKey'),
    keyFile: at('LoginKeyFile'),
  });
}

/** True for a whole number that a port can have. */
export function isPort(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 65_535;
}

function portOf(text: string | undefined): number | undefined {
  const port = /^[1-9]\d{0,4}$/.test(text ?? '') ? Number(text) : undefined;
  return isPort(port) ? port : undefined;
}

/** A key says inside what it is, and that must agree with what stands before it: how each begins in base64 (RFC 4253, 6.6; RFC 5656, 3.1). */
const BEGINNINGS: Readonly<Record<string, string>> = {
  'ssh-ed25519': 'AAAAC3NzaC1lZDI1NTE5AAAAI',
  'ssh-rsa': 'AAAAB3NzaC1yc2EAAAA',
  'ecdsa-sha2-nistp256': 'AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAA',
  'ecdsa-sha2-nistp384': 'AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAA',
  'ecdsa-sha2-nistp521': 'AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAA',
};

/** A host has one of each kind; more than that is no host's. */
const MOST_KEYS = 10;
/** RSA of 16384 bits, the most that OpenSSH takes. */
const LONGEST_KEY = 3000;

function hostKeyOf(text: string | undefined): string | undefined {
  const lines = (text ?? '').slice(0, MOST_KEYS * LONGEST_KEY * 2).split('\n');
  const keys = lines.flatMap((line) => {
    const [, type = '', blob = ''] =
      /^([a-z0-9-]{1,40}) ([A-Za-z0-9+/]+={0,2})(?: .*)?$/.exec(line.trim()) ?? [];
    const beginning = Object.hasOwn(BEGINNINGS, type) ? BEGINNINGS[type] : undefined;
    const isWhole = blob.length % 4 === 0 && blob.length <= LONGEST_KEY;
    return beginning !== undefined && blob.startsWith(beginning) && isWhole ? [`${type} ${blob}`] : [];
  });
  return keys.length === 0 ? undefined : keys.slice(0, MOST_KEYS).join('\n');
}

/** An absolute path that a person can read, and that ssh takes as it stands: it replaces `${NAME}` in every file name. */
function keyFileOf(text: string | undefined): string | undefined {
  const isPath =
    text !== undefined &&
    text.length <= 1000 &&
    /^\/.*[^/]$/.test(text) &&
    // A tab stays as it is there, and so does a line break.
    visible(text) === text &&
    !/[\t\n]/.test(text) &&
    !text.includes('${') &&
    !text.split('/').includes('..');
  return isPath ? text : undefined;
}

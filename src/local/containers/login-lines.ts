import type { Readable } from 'node:stream';

/** What a login host tells, line by line; every line may be anything, since its user is root there. */
export type LoginLine =
  | { readonly kind: 'step'; readonly name: string }
  /** Ready for ssh and Slurm. */
  | { readonly kind: 'ready'; readonly hostKey: string }
  /** A step of the boot failed; `log` are its last lines. */
  | { readonly kind: 'failed'; readonly name: string; readonly log: readonly string[] }
  /** Compute hosts that Slurm wants to be there, by number. */
  | { readonly kind: 'nodes'; readonly numbers: readonly number[] }
  | { readonly kind: 'report'; readonly json: string };

const MOST_LOG_LINES = 40;
const MOST_LINE = 64 * 1024;
const MOST_NODES = 2000;

/** Reads lines one by one; what is none of ours leads to nothing. */
export class LoginLineReader {
  #failed: { readonly name: string; readonly log: string[] } | undefined;

  read(line: string): LoginLine | undefined {
    const [, topic = '', rest = ''] = /^(\w+) ?(.*)$/s.exec(line) ?? [];
    if (topic === 'boot') return this.#boot(rest);
    if (topic === 'nodes') return { kind: 'nodes', numbers: numbersIn(rest) };
    if (topic === 'report' && rest.startsWith('{')) return { kind: 'report', json: rest };
    return undefined;
  }

  #boot(rest: string): LoginLine | undefined {
    const [, what = '', text = ''] = /^(\w+) ?(.*)$/s.exec(rest) ?? [];
    const failed = this.#failed;
    switch (what) {
      case 'step':
        return { kind: 'step', name: stepName(text) };
      case 'ready': {
        const [hostKey] = /^[a-z0-9@.-]{1,60} [A-Za-z0-9+/=]{20,2000}/.exec(text) ?? [''];
        return { kind: 'ready', hostKey };
      }
      case 'failed':
        this.#failed = { name: stepName(text), log: [] };
        return undefined;
      case 'log':
        if (failed && failed.log.length < MOST_LOG_LINES) failed.log.push(text.slice(0, 300));
        return undefined;
      case 'end':
        this.#failed = undefined;
        return failed && { kind: 'failed', ...failed };
      default:
        return undefined;
    }
  }
}

/** Lines of a stream; one that is longer than any of ours ends it. */
export async function* linesOf(stream: Readable): AsyncGenerator<string> {
  let rest = '';
  stream.setEncoding('utf8');
  for await (const chunk of stream) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
    if (rest.length > MOST_LINE) return;
  }
}

function numbersIn(text: string): number[] {
  const numbers = text
    .split(' ')
    .slice(0, MOST_NODES)
    .map((word) => Number(/^node-([1-9]\d{0,3}|10000)$/.exec(word)?.[1] ?? 0));
  return [...new Set(numbers.filter((number) => number > 0))];
}

function stepName(text: string): string {
  return text.replace(/[^\w .:-]/g, '').slice(0, 60) || 'unknown';
}

import type { Readable } from 'node:stream';
import { keyFault } from '../object-path.ts';
import { begun, startOf, type UsersHost } from './as-user.ts';
import { commandTrouble, HostTrouble } from './host-trouble.ts';
import { markOf } from './kept-files.ts';
import type { LeftOut } from './left-out.ts';
import { NamesLimit } from './names-limit.ts';

/** Of a line of the listing: a path in Linux has 4096 bytes. */
const MOST_LINE = 8192;
/** Of the time, the zeros at the end of its fraction are left out. */
const LINE = /^(-?\d{1,12}(?:\.\d{0,11}[1-9])?)\.?0* (\d{1,20}) (.+)$/s;
const SENSELESS = 'the listing of ~/files makes no sense';

/** What lies in `~/files` of a host. */
export interface ListedFiles {
  /** Path below `~/files` to its mark; only such as a bucket can hold below `prefix`. */
  readonly marks: ReadonlyMap<string, string>;
  /** There is more. */
  readonly isCut: boolean;
}

/**
 * Lists `~/files`. What could not be stored below `prefix` because of its name is added to `left`.
 * @throws EngineTrouble when the host does not tell
 */
export async function listedFiles(host: UsersHost, prefix: string, left: LeftOut): Promise<ListedFiles> {
  const { out, err, ended, close } = await begun(host, [
    'find',
    `/home/${host.account}/files/`,
    '-xdev',
    '-type',
    'f',
    '-printf',
    '%T@ %s %P\\0',
  ]);
  const complaint = startOf(err);
  const marks = new Map<string, string>();
  const limit = new NamesLimit();
  for await (const line of linesOf(out)) {
    const [, seconds, size, path] = LINE.exec(line) ?? [];
    if (seconds === undefined || size === undefined || path === undefined) throw new HostTrouble(SENSELESS);
    if (keyFault(prefix + path) === undefined) marks.set(path, markOf(seconds, Number(size)));
    else left.add('a name that a bucket cannot hold', path);
    limit.add(line);
    if (!limit.isReached()) continue;
    // The rest is not waited for: there may be no end of it.
    close();
    return { marks, isCut: true };
  }
  // 1: some folder cannot be read, or there is no ~/files any more: what is there is saved.
  const code = await ended;
  if (code < 0 || code > 1) throw commandTrouble(code, `~/files could not be listed: ${await complaint}`);
  return { marks, isCut: false };
}

/** What stands before each zero byte of a stream, none longer than any line of ours. */
async function* linesOf(out: Readable): AsyncGenerator<string> {
  let rest = Buffer.alloc(0);
  for await (const chunk of out) {
    const lines = rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]);
    let begin = 0;
    for (let end = lines.indexOf(0); end >= 0; end = lines.indexOf(0, begin)) {
      if (end - begin > MOST_LINE) throw new HostTrouble(SENSELESS);
      yield lines.toString('utf8', begin, end);
      begin = end + 1;
    }
    if (lines.length - begin > MOST_LINE) throw new HostTrouble(SENSELESS);
    // A copy: the chunk that it is a part of is not to be kept.
    rest = Buffer.from(lines.subarray(begin));
  }
}

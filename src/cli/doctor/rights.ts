import { durationText } from '../../core/duration.ts';
import { MINUTE, SECOND } from '../../core/instant.ts';
import type { ObjectEntry } from '../../engine/ports.ts';
import type { Terminal } from '../command.ts';
import type { Stores } from '../open-stores.ts';
import { type Finding, failure } from './finding.ts';

/** Hidden, so that nothing answers it. */
export const PROBE = '.clusterdrop-doctor';
/** S3 refuses calls from a clock that is 15 minutes off; ends and warnings are told wrongly before that. */
const MOST_OFF = 5 * MINUTE;

/** What the user may do in their folder, tried: a file is written, listed, read and removed. */
export async function rightsFindings(
  { users }: Stores,
  user: string,
  terminal: Terminal,
): Promise<readonly Finding[]> {
  const folder = `home/${user}/`;
  const key = folder + PROBE;
  const text = `A trial of "clusterdrop doctor". It can be removed.\n`;
  const found: Finding[] = [];
  const attempt = async <T>(
    check: Finding['check'],
    says: string,
    cannot: string,
    call: () => Promise<T>,
  ) => {
    try {
      const value = await call();
      found.push({ check, outcome: 'ok', says });
      return value;
    } catch (error) {
      found.push(failure(check, `${cannot}: `, error));
      return undefined;
    }
  };
  const before = terminal.now();
  const written = await attempt(
    'write',
    `you can write in ${folder}`,
    `you cannot write in ${folder}, so you can drop no file`,
    () => users.put(key, text),
  );
  const after = terminal.now();
  const entry = await attempt(
    'list',
    `you can list ${folder}`,
    `you cannot list ${folder}, so no command can see your clusters`,
    () => entryIn(users.list(key), key),
  );
  if (!written) return found;
  await attempt(
    'read',
    `you can read what lies there`,
    `you cannot read what lies in ${folder}, so you cannot see answers`,
    async () => {
      if (!(await users.get(key))) throw new Error(`${key} was written, and is not there`);
    },
  );
  if (entry) found.push(clockFinding(entry.modified, before, after));
  await attempt(
    'delete',
    `you can remove what lies there`,
    `you cannot remove what lies in ${folder}, so replies pile up (${PROBE} stays as well)`,
    () => users.remove(key, written.version),
  );
  return found;
}

async function entryIn(
  pages: AsyncIterable<{ readonly objects: readonly ObjectEntry[] }>,
  key: string,
): Promise<ObjectEntry | undefined> {
  for await (const page of pages) for (const entry of page.objects) if (entry.key === key) return entry;
  return undefined;
}

/** The store says when it took the file; this machine knows between which two moments it was given. */
function clockFinding(taken: number, before: number, after: number): Finding {
  const off = taken < before - SECOND ? before - taken : Math.max(0, taken - after);
  if (off <= MOST_OFF) return { check: 'clock', outcome: 'ok', says: 'the clock of this machine is right' };
  return {
    check: 'clock',
    outcome: 'fail',
    says: `the clock of this machine is ${durationText(Math.round(off / MINUTE) * MINUTE)} ${taken < before ? 'fast' : 'slow'}, so what it says of ends and waiting is wrong, and AWS may refuse its calls`,
    fix: 'Set the clock, best by network time (timedatectl set-ntp true).',
  };
}

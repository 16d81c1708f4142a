import { FILE_BYTES } from '../core/file-text.ts';
import { type KeyMeaning, meaningOf } from '../core/identity.ts';
import { replyFailed } from '../core/report/reply-failed.ts';
import { misdropProblem } from '../core/report/reply-misdrop.ts';
import { textOf } from './json-object.ts';
import type { ObjectStore } from './ports.ts';
import { storeOf, type World } from './world.ts';

/** One write of one file. */
export interface DropWrite {
  readonly key: string;
  readonly version: string;
}

type Misdrop = Extract<KeyMeaning, { kind: 'misdrop' }>;

/**
 * Answers a file that was meant as a drop and is none. One with the right suffix is consumed like any refused drop;
 * any other is left alone and answered once for each version: which was answered stands in the ledger, never in the reply.
 */
export async function answerMisdrop(world: World, bucket: string, file: DropWrite): Promise<void> {
  const meaning = meaningOf(bucket, file.key);
  if (meaning.kind !== 'misdrop') return;
  const notices = (await world.ledgers.read(meaning.user)).notices;
  if (!meaning.take && notices[file.key] === file.version) return;
  const store = storeOf(world, bucket);
  const object = await store.get(file.key, FILE_BYTES + 1);
  // Written anew since the listing: the next look answers what is there then.
  if (object?.version !== file.version) return;
  const problem = misdropProblem(meaning, file.key);
  const text = replyFailed({
    file: file.key.slice(file.key.lastIndexOf('/') + 1),
    problems: [problem],
    at: object.modified,
    requestText: textOf(object.body),
    contact: world.installation.contact,
  });
  const isNews = !(await says(store, meaning.reply, text));
  if (isNews) await store.put(meaning.reply, text);
  if (meaning.take) await store.remove(file.key, file.version);
  else await remember(world, meaning, file);
  if (isNews) world.log.answered(file.key, problem);
}

/** Of a flood of near misses, those beyond the remembered ones come here at every sweep: they are not written about again. */
async function says(store: ObjectStore, key: string, text: string): Promise<boolean> {
  const reply = await store.get(key, 2 * FILE_BYTES);
  return reply !== undefined && textOf(reply.body) === text;
}

/** A user's near misses worth remembering; more than that is a flood, and then the oldest may be answered again. */
const MOST_NOTICES = 200;

async function remember(world: World, { user }: Misdrop, file: DropWrite): Promise<void> {
  await world.ledgers.change(user, (ledger) => {
    const notices = [
      ...Object.entries(ledger.notices).filter(([key]) => key !== file.key),
      [file.key, file.version] as const,
    ];
    return [{ ...ledger, notices: Object.fromEntries(notices.slice(-MOST_NOTICES)) }, undefined];
  });
}

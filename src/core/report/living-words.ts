import { type Entry, isLiving } from '../entry.ts';
import { readableOf } from '../instant.ts';
import { visibleLine } from './visible.ts';

/** What a reply says of a cluster that lives on; `undefined` if this entry is none. */
export function livingWords(entry: Entry): string | undefined {
  const name = `The cluster "${visibleLine(entry.cluster.name)}"`;
  if (!isLiving(entry) || entry.failure) return undefined;
  if (entry.ending) return `${name} is being taken down.`;
  if (entry.readyAt === undefined) return `${name} is still being built, from an earlier file. That goes on.`;
  const where = entry.address === undefined ? '' : ` at ${visibleLine(entry.address, 100)}`;
  return `${name} runs on as it was${where}, until ${readableOf(entry.endsAt)}.`;
}

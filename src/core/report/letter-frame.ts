import type { Entry } from '../entry.ts';
import type { Installation } from '../installation.ts';
import { type Instant, readableOf } from '../instant.ts';
import type { Letter } from '../letter.ts';
import { sha256Hex } from '../sha256.ts';
import { NOTHING_IS_PAID } from './cost-words.ts';
import { visibleLine } from './visible.ts';
import { contactWords, wrapped } from './words.ts';

/** What a letter is written in. */
export interface LetterContext {
  readonly installation: Installation;
  readonly at: Instant;
}

/** What a letter tells of: first part of its id. */
export type LetterTurn =
  | 'starting'
  | 'ready'
  | 'failed'
  | 'ending-24h'
  | 'ending-1h'
  | 'gone'
  | 'stuck'
  | 'mail-given-up';

/** Nothing that could end a header line, start a second address or name a route. */
const ADDRESS = /^[^\s@,;:<>()[\]"\\\p{C}]{1,64}@[^\s@,;:<>()[\]"\\\p{C}]{1,255}$/u;

/** The owner of the cluster and the administrator, each once; whoever has no usable address gets nothing. */
export function recipients(...addresses: readonly (string | undefined)[]): string[] {
  const to: string[] = [];
  for (const address of addresses) {
    const one = address?.trim() ?? '';
    if (ADDRESS.test(one) && !to.some((other) => other.toLowerCase() === one.toLowerCase())) to.push(one);
  }
  return to;
}

/** `<turn>-<12 hex of the drop>-<16 hex>`: one per cluster, drop and turn (`more`: what else tells two letters of a turn apart). */
export function letterId(
  turn: LetterTurn,
  { cluster, drop }: Entry,
  installation: Installation,
  more = '',
): string {
  // A drop's id is hexadecimal; the ledger could still have been edited, and this becomes a file name.
  const id = /^[0-9a-f]{12}/.exec(drop.id)?.[0] ?? sha256Hex(drop.id).slice(0, 12);
  const parts = [installation.id, cluster.bucket, cluster.path, turn, drop.id, more];
  return `${turn}-${id}-${sha256Hex(parts.join('\n')).slice(0, 16)}`;
}

/** `mycluster of alice`, as subjects begin. */
export function whose({ cluster }: Entry): string {
  return `${visibleLine(cluster.name, 40)} of ${visibleLine(cluster.user, 64)}`;
}

export function subjectOf(text: string): string {
  return visibleLine(text, 150);
}

/** Paragraphs, with what is true of every letter about a cluster. */
function bodyOf(
  [first = '', ...rest]: readonly string[],
  { cluster }: Entry,
  { installation }: LetterContext,
): string {
  // Second, so that nobody reads about logging in or paying before it.
  const simulated = installation.simulated
    ? ['This cluster is simulated: nothing runs, nothing answers at its address, and nothing is paid.']
    : installation.containers
      ? [NOTHING_IS_PAID]
      : [];
  const place = `${visibleLine(cluster.path)} in ${visibleLine(cluster.bucket)}`;
  const foot = `-- \n${place}. Clusterdrop sends this mail by itself.\nQuestions? Ask ${contactWords(installation.contact)}.`;
  return `${[first, ...simulated, ...rest, foot].map(wrapped).join('\n\n')}\n`;
}

/** When a cluster ends, and how to keep it longer. */
export function extendSentence({ cluster, endsAt }: Entry): string {
  const file = `${visibleLine(cluster.path)}.cf-create`;
  return `It ends by itself on ${readableOf(endsAt)}. To keep it longer, upload a file ${file} that says {"Lifetime":"3d"}: it then ends three days after that upload (8h is eight hours). Nothing else about the cluster changes.`;
}

/** How to end a cluster, in one sentence. */
export function endSentence({ cluster }: Entry): string {
  return `To end it earlier, upload an empty file ${visibleLine(cluster.path)}.cf-delete.`;
}

/** A letter about a cluster: to its owner and the administrator, unless `to` says otherwise. */
export function letterOf(
  turn: LetterTurn,
  entry: Entry,
  context: LetterContext,
  written: {
    readonly subject: string;
    readonly paragraphs: readonly string[];
    readonly more?: string;
    readonly to?: readonly string[];
  },
): Letter {
  return {
    id: letterId(turn, entry, context.installation, written.more),
    to: written.to ?? recipients(entry.notify, context.installation.adminEmail),
    subject: subjectOf(written.subject + (context.installation.simulated ? ' (simulated)' : '')),
    text: bodyOf(written.paragraphs, entry, context),
    at: context.at,
  };
}

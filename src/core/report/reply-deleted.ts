import type { ReportedFiles } from '../cluster-report.ts';
import type { EndingWhy, Entry } from '../entry.ts';
import type { Cluster } from '../identity.ts';
import { type Instant, readableOf } from '../instant.ts';
import { costUntil } from '../ledger.ts';
import { ESTIMATE, usdWords } from './cost-words.ts';
import { keptSentence, savedWords } from './kept-words.ts';
import { endedLine, requestSection } from './request-section.ts';
import { settingsShown } from './settings-shown.ts';
import { visible, visibleLine } from './visible.ts';
import { contactWords, folderOf, spanWords, wrapped } from './words.ts';

export interface DeletedReply {
  readonly cluster: Cluster;
  /** What the ledger knew; without it there was no cluster of that name. */
  readonly entry?: Entry | undefined;
  readonly at: Instant;
  /** Whom a person may ask. */
  readonly contact: string;
  readonly simulated: boolean;
  /** Its hosts were containers on one machine. */
  readonly containers?: boolean | undefined;
  /** A `.cf-create` that lay beside a newer `.cf-delete`. */
  readonly requestText?: string | undefined;
  /** How `~/files` was last kept in `NAME.files/`; without it, it is not known to have been. */
  readonly files?: ReportedFiles | undefined;
}

/** Text of a `.cf-deleted`: when and why it ended, how long it ran, what it cost at most, where the files are, how to get it back. */
export function replyDeleted(reply: DeletedReply): string {
  const { cluster, entry, at, contact, requestText } = reply;
  const parts = entry ? gone(reply, entry) : never(cluster, at);
  parts.push(`Questions? Ask ${contactWords(contact)}.`);
  if (requestText !== undefined) {
    const file = `${visibleLine(cluster.name)}.cf-create`;
    parts.push(
      requestSection(
        `A ${file} lay there too. The .cf-delete was the newer one, so it was not carried out. Its text`,
        requestText,
      ),
    );
  }
  return endedLine(parts.map(wrapped).join('\n\n'));
}

function gone({ cluster, at, simulated, containers, files }: DeletedReply, entry: Entry): string[] {
  const name = visibleLine(cluster.name);
  const path = visibleLine(cluster.path);
  const end = entry.endedAt ?? at;
  const ran = entry.readyAt === undefined ? 'it never got ready' : spanWords(end - entry.readyAt);
  return [
    `The cluster "${name}" is gone.`,
    [
      `When it ended:   ${readableOf(end)}`,
      `Why:             ${ENDED[entry.ending?.why ?? 'outside']}`,
      `How long it ran: ${ran}`,
      `What it cost:    ${bill(costUntil(entry, end), free(simulated, containers))}`,
      `Files saved:     ${saved(files, simulated)}`,
    ].join('\n'),
    wrapped(
      `To get the same cluster back, upload your ${name}.cf-create to ${folderOf(path)} again, or a new one with this in it:`,
    ),
    recipe(entry),
    simulated
      ? `What is in the folder ${path}.files/ has not been touched, and will not be.`
      : keptSentence(path, files),
  ];
}

/** Everything that it was made of, whichever requests and defaults that came from: a request file in itself. */
function recipe(entry: Entry): string {
  return visible(JSON.stringify(settingsShown(entry.settings), undefined, 2)).replace(/^/gm, '    ');
}

/** Why nothing was paid, if so. */
function free(simulated: boolean, containers = false): string | undefined {
  if (simulated) return 'nothing, as it was simulated';
  return containers ? 'nothing, as its hosts were containers on this machine' : undefined;
}

function bill(usd: number | null, nothing: string | undefined): string {
  if (usd === null) return nothing ?? 'unknown: there is no price for what it was made of';
  const most = `at most ${usdWords(usd)}\n                 (${ESTIMATE})`;
  return nothing === undefined ? most : `${nothing}. On AWS: ${most}`;
}

function saved(files: ReportedFiles | undefined, simulated: boolean): string {
  if (simulated) return 'none; a simulated cluster has no files of its own';
  if (!files) return 'not known; what was only on the cluster itself is lost';
  const { trouble } = files;
  const words = savedWords(files) ?? 'never';
  return trouble === undefined
    ? words
    : `${words}\n                 (saving failed: ${visibleLine(trouble, 300)})`;
}

function never(cluster: Cluster, at: Instant): string[] {
  const name = visibleLine(cluster.name);
  return [
    `There is no cluster "${name}", so there was nothing to delete.\n${readableOf(at)}`,
    `If you meant another one: the file has to lie in the same folder and bear the same name as the one that started the cluster, capital letters included. Beside a cluster that runs there is a file with the suffix .cf-created.`,
  ];
}

const ENDED: Readonly<Record<EndingWhy, string>> = {
  asked: 'you asked for it (.cf-delete)',
  expired: 'it had reached its end date',
  idle: 'nobody had used it for as long as its IdleTimeout says',
  replaced: 'you asked for a new one in its place',
  outside: 'somebody removed it without Clusterdrop (its stack was deleted)',
  failed: 'it could not be built, and what there was of it has been cleared away',
};

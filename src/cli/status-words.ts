import { type Instant, instantOf, readableOf } from '../core/instant.ts';
import type { StatusFile } from '../core/report/status-file.ts';
import { visibleLine } from '../core/report/visible.ts';
import { spanWords } from '../core/report/words.ts';
import type { ClusterView } from '../engine/client/cluster-view.ts';
import type { Stores } from './open-stores.ts';
import { type Row, reportRows } from './report-words.ts';
import { toldCommand } from './told-login.ts';
import { nameOf } from './which-user.ts';

/** How a cluster looks, in one word: what lies there unanswered comes before what an older status says. */
export function stateWord({ status, unanswered, files }: ClusterView): string {
  if (unanswered) return unanswered.action === 'create' ? 'waiting' : 'stopping';
  // A file that only looked like a drop is answered without a status.
  return status?.state ?? (files.has('.cf-failed') ? 'refused' : 'unknown');
}

/** The whole status for people. Everything in it may have been written by anybody. */
export function statusWords(view: ClusterView, now: Instant, stores: Pick<Stores, 'folder'>): string {
  const { cluster, status, unanswered } = view;
  const name = `${visibleLine(nameOf(cluster))} of ${visibleLine(cluster.user)}`;
  const lines: string[] = [];
  if (unanswered)
    lines.push(
      `${name}: ${cluster.name}.cf-${unanswered.action} was dropped and has not been answered yet (${spanWords(now - unanswered.at)} ago).`,
      ...(status ? ['What follows is older than that file.', ''] : []),
    );
  if (!status) {
    if (!unanswered)
      lines.push(
        view.files.has('.cf-failed')
          ? `${name}: refused; ${visibleLine(cluster.name)}.cf-failed says why.`
          : `${name}: there is no status that can be read.`,
      );
    return `${lines.join('\n')}\n`;
  }
  const since = status.since === undefined ? undefined : instantOf(status.since);
  lines.push(`${name}: ${status.state}${since === undefined ? '' : ` since ${readableOf(since)}`}`, '');
  for (const [label, text] of rowsOf(status, now, toldCommand(view, stores)))
    if (text !== undefined)
      // What is pasted into a shell is shown to the letter: it is made so that nothing in it needs more.
      lines.push(`  ${label.padEnd(9)} ${label === 'ssh' ? text : visibleLine(text)}`);
  for (const { message, fix } of status.problems.slice(0, 40))
    lines.push('', `  ${visibleLine(message)}`, `      ${visibleLine(fix)}`);
  return `${lines.join('\n')}\n`;
}

function rowsOf(status: StatusFile, now: Instant, ssh: string | undefined): readonly Row[] {
  return [
    ['why', status.why],
    ['progress', progressWords(status)],
    ['ssh', ssh],
    ...reportRows(status, now),
    ['ends', endWords(status, now)],
    ['made of', madeOfWords(status)],
    ['price', priceWords(status)],
    ['next', status.next],
    ['note', status.simulated ? (status.simulatedMeans ?? 'This cluster is simulated.') : status.priceMeans],
  ];
}

export function progressWords({ progress }: StatusFile): string | undefined {
  if (!progress) return undefined;
  return `${progress.done} of ${progress.total}${progress.latest === undefined ? '' : `, latest: ${progress.latest}`}`;
}

function endWords({ ends }: StatusFile, now: Instant): string | undefined {
  const at = ends === undefined ? undefined : instantOf(ends);
  return at === undefined ? undefined : `${readableOf(at)}${at > now ? `, in ${spanWords(at - now)}` : ''}`;
}

/** `2 of 4`: how many are up now, where that is known; else as many as there may be. */
export function nodesNow(status: StatusFile): string | undefined {
  const nodes = status.report?.nodes;
  return nodes ? `${nodes.up} of ${nodes.most}` : nodesWords(status);
}

/** `0 to 4`, or `4` where all of them are always there. */
function nodesWords({ settings }: StatusFile): string | undefined {
  const most = settings?.['ComputeMaxNodes'];
  if (most === undefined) return undefined;
  const least = settings?.['ComputeInitialNodes'] ?? 0;
  return settings?.['AutoscalingPolicy'] === 'disabled' || least === most ? `${most}` : `${least} to ${most}`;
}

function madeOfWords(status: StatusFile): string | undefined {
  const nodes = nodesWords(status);
  if (nodes === undefined || !status.settings) return undefined;
  const { ComputeInstanceType, ComputeSpotPrice, MasterInstanceType, MasterSystemVolumeSize } =
    status.settings;
  const bought =
    typeof ComputeSpotPrice === 'number' ? `spot, at most ${ComputeSpotPrice} USD` : ComputeSpotPrice;
  return `${nodes} nodes ${ComputeInstanceType} (${bought}), login node ${MasterInstanceType} with ${MasterSystemVolumeSize} GB`;
}

function priceWords({ price }: StatusFile): string | undefined {
  if (!price) return undefined;
  const total = price.usdUntilEnd;
  return `${price.estimate}${total === null ? '' : `; at most ${total.toFixed(2)} USD until its end`}`;
}

import { dropIdOf } from '../../core/identity.ts';
import type { StatusFile } from '../../core/report/status-file.ts';
import type { ClusterView } from './cluster-view.ts';
import type { SentDrop } from './put-drop.ts';

/** What became of a drop. */
export type DropAnswer =
  /** The cluster runs as the drop asks, or is gone as it asks. */
  | { readonly kind: 'done'; readonly status: StatusFile }
  | { readonly kind: 'refused'; readonly status: StatusFile }
  /** It was done, and by now something else has become of the cluster; or it does not move any more. */
  | { readonly kind: 'ended'; readonly status: StatusFile }
  | { readonly kind: 'replaced'; readonly status?: StatusFile | undefined };

/** `answering`: the status speaks of this very drop, which has not come to its end. */
export type Judgement =
  | DropAnswer
  | { readonly kind: 'answering'; readonly status: StatusFile }
  /** Neither the file nor a word about it is there: it was taken a moment ago, or by somebody else for good. */
  | { readonly kind: 'nowhere'; readonly otherDrop: string | undefined }
  | { readonly kind: 'unanswered' };

/**
 * What one look at the bucket tells of a drop. Only a status that names this very drop is believed: any other is the answer
 * to something else, however fitting it looks.
 */
export function judgeAnswer(drop: SentDrop, { status, files, cluster }: ClusterView): Judgement {
  if (status?.drop?.id === drop.id) {
    const { outcome } = status.drop;
    if (status.state === 'stuck') return { kind: 'ended', status };
    // What was built is undone first; why it failed is told then.
    const isTold = status.state !== 'failed' || status.problems.length > 0 || files.has('.cf-failed');
    if (outcome === 'refused' && isTold) return { kind: 'refused', status };
    if (outcome !== 'done') return { kind: 'answering', status };
    if (drop.action === 'delete') return { kind: 'done', status };
    switch (status.state) {
      case 'running':
        return status.address === undefined ? { kind: 'answering', status } : { kind: 'done', status };
      case 'waiting':
      case 'starting':
      case 'updating':
        return { kind: 'answering', status };
      case 'failed':
      case 'refused':
        return { kind: 'refused', status };
      case 'stopping':
      case 'gone':
        return { kind: 'ended', status };
    }
  }
  const file = files.get(`.cf-${drop.action}`);
  if (!file) return { kind: 'nowhere', otherDrop: status?.drop?.id };
  const isOurs = dropIdOf(cluster.bucket, file.key, file.version) === drop.id;
  return isOurs ? { kind: 'unanswered' } : { kind: 'replaced', status };
}

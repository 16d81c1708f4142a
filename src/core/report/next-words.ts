import type { Cluster } from '../identity.ts';
import { readableOf } from '../instant.ts';
import type { Observed } from '../observed.ts';
import type { Problem } from '../problems.ts';
import type { StatusState } from './status-shape.ts';
import { contactWords } from './words.ts';

/** What its owner can do next, in one or two plain sentences. */
export function nextWords(
  state: StatusState,
  { name }: Cluster,
  { entry, contact }: Observed,
  problems: readonly Problem[],
): string {
  const create = `${name}.cf-create`;
  const ask = `ask ${contactWords(contact)}`;
  switch (state) {
    case 'waiting':
      return 'Nothing: your file has been seen and waits for its turn.';
    case 'starting':
      return `Nothing: when you can log in, the file ${name}.cf-created appears. To stop it, upload an empty file ${name}.cf-delete.`;
    case 'running':
      return `${mend(problems, create)}Log in with the ssh command above. To keep it beyond ${entry ? readableOf(entry.endsAt) : 'its end'}, upload ${create} with {"Lifetime": "3d"}; to end it, upload an empty file ${name}.cf-delete.`;
    case 'updating':
      return 'Nothing: the cluster stays usable while it is being changed.';
    case 'stopping':
      return `Nothing: when it is gone, the file ${name}.cf-deleted appears and says what it cost.`;
    case 'failed':
      return `Read ${name}.cf-failed: it says what went wrong and whose move it is. Then upload ${create} again.`;
    case 'refused':
      return problems.some((one) => one.owner === 'author')
        ? `Change what "problems" says (${name}.cf-failed shows the places) and upload ${create} again.`
        : `Read ${name}.cf-failed and ${ask}.`;
    case 'gone':
      return `To get it back, upload ${create} again; the folder ${name}.files/ is still there.`;
    case 'stuck':
      return `Please ${ask}: only the administrator can mend this. Meanwhile you can start a cluster under another name.`;
  }
}

function mend(problems: readonly Problem[], create: string): string {
  return problems.length === 0
    ? ''
    : `Your last ${create} was not carried out and changed nothing: see "problems". `;
}

import type { Entry } from '../entry.ts';
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
  { entry, contact, report }: Observed,
  problems: readonly Problem[],
  simulated: boolean,
): string {
  const create = `${name}.cf-create`;
  const remove = `an empty file ${name}.cf-delete`;
  const ask = `ask ${contactWords(contact)}`;
  const end = entry ? readableOf(entry.endsAt) : 'its end';
  const words: Readonly<Record<StatusState, string>> = {
    waiting: 'Nothing: your file has been seen and waits for its turn.',
    starting: `Nothing: when you can log in, the file ${name}.cf-created appears. To stop it, upload ${remove}.`,
    running: `${mend(problems, create)}${login(entry)} To keep it beyond ${end}, upload ${create} with {"Lifetime": "3d"}; to end it, upload ${remove}.${simulated ? '' : kept(name, report?.told.files !== undefined)}`,
    updating: 'Nothing: you can work on while the cluster is being changed.',
    stopping: `Nothing: when it is gone, the file ${name}.cf-deleted appears and says what it cost.`,
    failed: `Read ${name}.cf-failed: it says what went wrong and whose move it is. Then upload ${create} again.`,
    refused: problems.some((one) => one.owner === 'author')
      ? `Change what "problems" says (${name}.cf-failed shows the places) and upload the file again.`
      : `Read ${name}.cf-failed and ${ask}.`,
    gone: entry
      ? `To get it back, upload ${create} again. The folder ${name}.files/ is never deleted.`
      : `To start one, upload ${create}; {} in it is enough.`,
    stuck: `Please ${ask}: only the administrator can mend this. Meanwhile you can start a cluster under another name.`,
  };
  return words[state];
}

/** Only where it is said that somebody saves them is anything promised. */
function kept(name: string, isSaved: boolean): string {
  return isSaved
    ? ` ~/files is kept in ${name}.files/; all else on the cluster goes with it.`
    : ' What is on the cluster goes with it.';
}

function login(entry: Entry | undefined): string {
  return entry?.address === undefined
    ? 'You can log in as soon as its address is known.'
    : 'Log in with the command under "ssh".';
}

function mend(problems: readonly Problem[], create: string): string {
  return problems.length === 0
    ? ''
    : `Your last ${create} was not carried out and changed nothing: see "problems". `;
}

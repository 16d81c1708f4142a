import { clusterAt, identityOf, replyKey, type Suffix } from '../../core/identity.ts';
import { entryOf } from '../../core/ledger.ts';
import { stackStateOf } from '../../core/stack-status.ts';
import { readTags } from '../../core/stack-tags.ts';
import { putDrop } from '../client/put-drop.ts';
import { textOf } from '../json-object.ts';
import { Ledgers } from '../ledgers.ts';
import type { ObjectStore } from '../ports.ts';
import { awaitAnswer, awaitThat } from './await-answer.ts';
import { demand, type SelftestSubject } from './selftest-subject.ts';

/** What is tried, and what became of it. */
export interface Trial {
  readonly subject: SelftestSubject;
  readonly user: string;
  readonly name: string;
  /** Of the small cluster. */
  readonly request: string;
}

export interface Created {
  readonly stackId: string;
  readonly stackName: string;
}

const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f:]+:[0-9a-f:]*)$/i;

export function clusterOf({ subject, user, name }: Trial, more = '') {
  return clusterAt(subject.users.bucket, `home/${user}/${name}${more}`);
}

export async function tryMistake(trial: Trial): Promise<string> {
  const { subject } = trial;
  const cluster = clusterOf(trial, '-mistake');
  const drop = await putDrop(subject.users, cluster, 'create', '{"ComputeMaxNode": 1}\n');
  const { problems } = await awaitAnswer(subject, drop, 'refused');
  const codes = problems.map(({ code }) => code);
  demand(codes.includes('unknown-key'), `it was refused for another reason: ${codes.join(', ')}`);
  const text = await textAt(subject.users, replyKey(cluster, '.cf-failed'));
  demand(text?.includes('ComputeMaxNode') ?? false, `${cluster.name}.cf-failed does not name the mistake`);
  await demandGone(subject, trial, '-mistake', ['.cf-create']);
  return 'refused, and the mistake is named';
}

export async function tryNearMiss(trial: Trial): Promise<string> {
  const { subject } = trial;
  const cluster = clusterOf(trial, '-near');
  const key = `${replyKey(cluster, '.cf-create')}.txt`;
  const written = await subject.users.put(key, '{}\n');
  const reply = replyKey(cluster, '.cf-failed');
  try {
    const text = await awaitThat(subject, reply, () => textAt(subject.users, reply));
    demand(text.includes('.cf-create.txt'), `${cluster.name}.cf-failed does not name the file`);
  } finally {
    // Left there it would be answered anew whenever its answer goes.
    if (written) await subject.users.remove(key, written.version);
  }
  return 'answered, and started nothing';
}

export async function tryCreate(trial: Trial): Promise<string> {
  const { subject, request } = trial;
  const cluster = clusterOf(trial);
  const drop = await putDrop(subject.users, cluster, 'create', request);
  const { address } = await awaitAnswer(subject, drop, 'done');
  const created = await awaitThat(subject, `${cluster.name}.cf-created`, () =>
    textAt(subject.users, replyKey(cluster, '.cf-created')),
  );
  const lines = created.split('\n').filter((line) => line !== '');
  demand(lines.length === 1 && ADDRESS.test(created.trim()), `.cf-created is no address: ${created}`);
  demand(created.trim() === address, `.cf-created says ${created.trim()}, .cf-status ${address}`);
  await demandGone(subject, trial, '', ['.cf-create', '.cf-failed']);
  return `ready at ${address}`;
}

export async function tryBooks(trial: Trial): Promise<string> {
  const { subject } = trial;
  const { stackId, stackName } = await createdOf(trial);
  const cluster = clusterOf(trial);
  const stack = await subject.stacks.describe({ name: stackName, id: stackId });
  demand(stack !== undefined, `CloudFormation knows no stack ${stackName}`);
  demand(stackStateOf(stack.status) === 'running', `${stackName} is in ${stack.status}`);
  const tags = readTags(stack.tags);
  const identity = identityOf(subject.installation.id, cluster);
  demand(
    tags?.identity === identity && tags.cluster.path === cluster.path,
    `the tags of ${stackName} do not say whose it is`,
  );
  demand(
    stack.tags['USER'] === trial.user,
    `the tag USER of ${stackName}, which is for the bill, is not ${trial.user}`,
  );
  return `${stackName}, in the book of ${trial.user} and with the right tags`;
}

export async function tryAgain(trial: Trial): Promise<string> {
  const { subject, request } = trial;
  const before = await createdOf(trial);
  const cluster = clusterOf(trial);
  const drop = await putDrop(subject.users, cluster, 'create', request);
  await awaitAnswer(subject, drop, 'done');
  const after = await createdOf(trial);
  demand(after.stackId === before.stackId, 'it became another stack');
  const identity = identityOf(subject.installation.id, cluster);
  let stacks = 0;
  for await (const page of subject.stacks.list())
    stacks += page.filter(({ tags }) => readTags(tags)?.identity === identity).length;
  demand(stacks === 1, `${stacks} stacks carry its tags`);
  return 'the same stack, and no other';
}

export async function tryDelete(trial: Trial): Promise<string> {
  const { subject } = trial;
  const cluster = clusterOf(trial);
  const drop = await putDrop(subject.users, cluster, 'delete', '');
  await awaitAnswer(subject, drop, 'done');
  await awaitThat(subject, `${cluster.name}.cf-deleted`, () =>
    textAt(subject.users, replyKey(cluster, '.cf-deleted')),
  );
  await demandGone(subject, trial, '', ['.cf-create', '.cf-created', '.cf-delete']);
  return 'gone, and said so';
}

export async function tryNothingLeft(trial: Trial, created: Created | undefined): Promise<string> {
  const { subject } = trial;
  const cluster = clusterOf(trial);
  if (created) {
    const stack = await subject.stacks.describe({ name: created.stackName, id: created.stackId });
    demand(!stack || stackStateOf(stack.status) === 'absent', `${created.stackName} is in ${stack?.status}`);
  }
  await awaitThat(subject, `${cluster.name} out of the book`, async () =>
    entryOf(await new Ledgers(subject.admin).read(trial.user), cluster) ? undefined : true,
  );
  const machines = (await subject.machinesOf?.(cluster)) ?? [];
  demand(machines.length === 0, `still there: ${machines.join(', ')}`);
  return subject.machinesOf ? 'no stack, no entry, no machine' : 'no stack, no entry';
}

/** As the user's book says: a status could be forged. */
export async function createdOf(trial: Trial): Promise<Created> {
  const entry = entryOf(await new Ledgers(trial.subject.admin).read(trial.user), clusterOf(trial));
  demand(entry?.stackId !== undefined, `the book of ${trial.user} knows no such cluster`);
  return { stackId: entry.stackId, stackName: entry.stackName };
}

async function textAt(store: ObjectStore, key: string): Promise<string | undefined> {
  const object = await store.get(key);
  return object && textOf(object.body);
}

/** Files that belong to an earlier state go a moment after the one that tells of the new state has come. */
async function demandGone(
  subject: SelftestSubject,
  trial: Trial,
  more: string,
  suffixes: readonly Suffix[],
): Promise<void> {
  const { path } = clusterOf(trial, more);
  await awaitThat(subject, `${suffixes.join(', ')} taken away`, async () => {
    for await (const { objects } of subject.users.list(`${path}.cf-`))
      if (objects.some(({ key }) => suffixes.some((suffix) => key === path + suffix))) return undefined;
    return true;
  });
}

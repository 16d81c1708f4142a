import { ok, type Verdict, warn } from '../../core/finding.ts';
import { MINUTE, readableOf } from '../../core/instant.ts';
import { readTags } from '../../core/stack-tags.ts';
import { Ledgers } from '../ledgers.ts';
import type { StackReport } from '../ports.ts';
import type { EngineSubject } from './engine-subject.ts';

/** The sweep takes in a stack that no book knows; one that is older is not found by it. */
const HEALED_AFTER = 30 * MINUTE;

/** Stacks of this installation that nobody's book knows: they cost money, and no end comes for them. */
export async function checkStacks(subject: EngineSubject): Promise<readonly Verdict[]> {
  const { installation, admin, stacks, users, now } = subject;
  const known = new Set<string>();
  const ledgers = new Ledgers(admin);
  for (const user of await ledgers.users())
    for (const { stackId } of Object.values((await ledgers.read(user)).clusters))
      if (stackId !== undefined) known.add(stackId);
  const strays: StackReport[] = [];
  let all = 0;
  for await (const page of stacks.list())
    for (const stack of page) {
      const tags = readTags(stack.tags);
      if (tags?.installation !== installation.id) continue;
      all++;
      if (!known.has(stack.id) && now - stack.created > HEALED_AFTER) strays.push(stack);
    }
  if (strays.length === 0) return [ok(all === 0 ? 'there are none' : `${all}, each in its owner's book`)];
  const buckets = new Set(users.map(({ bucket }) => bucket));
  return strays.map((stack) => {
    const bucket = readTags(stack.tags)?.cluster.bucket ?? '';
    return warn(
      `${stack.name}, made on ${readableOf(stack.created)}, is in no user's book`,
      buckets.has(bucket)
        ? 'The sweep takes it in within minutes: see whether it runs, and what it says in the log.'
        : `Its bucket, ${bucket}, is no users' bucket of this installation any more: put that back, or delete the stack.`,
    );
  });
}

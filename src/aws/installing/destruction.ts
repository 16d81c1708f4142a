import { ADMIN_BUCKET_TAG } from '../../core/tag-names.ts';
import type { ControlStack } from './control-stack.ts';
import type { Addition } from './deployment-record.ts';

/** What taking an installation down would do, as plain data. */
export interface Destruction {
  /** In the order in which they go. */
  readonly stacks: readonly ControlStack[];
  /** Members of the users' group: a group can only go when it is empty. They stay as IAM users. */
  readonly members: readonly string[];
  /** Where our policies are attached by hand: they can only go when nobody has them. */
  readonly attached: readonly Attachment[];
  /** What we added to buckets that are not ours. */
  readonly restore: Readonly<Record<string, readonly Addition[]>>;
  /** Ours, which stay with all that is in them, unless they are deleted as well. */
  readonly own: readonly string[];
  /** Somebody else's, which stay in any case. */
  readonly foreign: readonly string[];
}

export interface Attachment {
  readonly policy: string;
  readonly kind: 'user' | 'group' | 'role';
  readonly name: string;
}

export function destructionWords(
  { stacks, members, attached, restore, own, foreign }: Destruction,
  deletesData: boolean,
): string {
  const lines = [
    'This goes:',
    ...stacks.map(({ name, region }) => `  - stack ${name} in ${region}`),
    ...members.map((name) => `  - ${name}'s place in the users' group (the IAM user stays)`),
    ...attached.map(({ policy, kind, name }) => `  - the policy ${nameOf(policy)} of the ${kind} ${name}`),
    ...Object.entries(restore)
      .filter(([, added]) => added.some((one) => UNDONE[one] !== undefined))
      .map(([bucket, added]) => `  - in ${bucket}: ${added.flatMap((one) => UNDONE[one] ?? []).join(', ')}`),
    ...(deletesData
      ? own.map((name) => `  - the bucket ${name} with ALL that is in it, old versions too`)
      : []),
    'This stays:',
    ...(deletesData ? [] : own.map((name) => `  = the bucket ${name} and all that is in it`)),
    ...foreign.map((name) => `  = the bucket ${name}, which is yours, and all that is in it`),
    '  = IAM users and their access keys',
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** Versioning stays on: old versions are somebody's data. */
const UNDONE: Readonly<Partial<Record<Addition, string>>> = {
  'event-bridge': 'events to EventBridge',
  tag: `the tag ${ADMIN_BUCKET_TAG}`,
  'tls-statement': 'the statement ClusterdropTlsOnly',
};

function nameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

import type { KeyMeaning } from '../identity.ts';
import type { Instant } from '../instant.ts';
import { type Problem, problem } from '../problems.ts';
import { replyFailed } from './reply-failed.ts';
import { utf8Length } from './shortened.ts';

export type Misdrop = Extract<KeyMeaning, { readonly kind: 'misdrop' }>;

export interface MisdropReply {
  readonly meaning: Misdrop;
  /** The key as it lies in the bucket. */
  readonly key: string;
  readonly at: Instant;
  readonly contact: string;
  readonly requestText?: string | undefined;
}

/** Text of the `.cf-failed` beside a file that was meant as a drop but is none. */
export function replyMisdrop({ meaning, key, ...rest }: MisdropReply): string {
  return replyFailed({ ...rest, file: fileOf(key), problems: [misdropProblem(meaning, key)] });
}

/** What is wrong with a near miss. */
export function misdropProblem({ fault }: Misdrop, key: string): Problem {
  const file = fileOf(key);
  const [, name = file, suffix = ''] = /^(.*?)(\.cf-(?:create|delete))/i.exec(file) ?? [];
  if (fault === 'bad-name') return problem(fault, { name });
  if (fault === 'bad-folder') return problem(fault, { key });
  if (fault === 'key-too-long') return problem(fault, { bytes: utf8Length(key) });
  return problem(fault, { file, better: name + suffix.toLowerCase() });
}

function fileOf(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}

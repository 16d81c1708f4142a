/**
 * Everything a person must be told when something is wrong, in one table: code = key, so it cannot drift.
 * `docs/problems.md`, exit codes and HTTP statuses are derived from it.
 *
 * Message style: lower-case start unless a name, no full stop, the wrong value shown. `fix` is an imperative sentence.
 */

/** Whose move it is: the author of the file, the administrator of the installation, or us. */
export type Owner = 'author' | 'operator' | 'bug';

interface Definition<P> {
  readonly owner: Owner;
  readonly says: (params: P) => string;
  readonly fix: string | ((params: P) => string);
}

const define = <P = Record<never, never>>(definition: Definition<P>) => definition;

export const PROBLEMS = {
  // The file itself
  'blank-file': define({
    owner: 'author',
    says: () => 'the file is blank',
    fix: 'Put at least {} into it. A copy that was still under way looks like this too: then simply copy it again.',
  }),
  'not-json': define<{ found: string }>({
    owner: 'author',
    says: ({ found }) => `not valid JSON: ${found}`,
    fix: 'Correct this place and upload the file again; "clusterdrop check FILE" shows all mistakes beforehand.',
  }),

  // Names and places
  'bad-name': define<{ name: string }>({
    owner: 'author',
    says: ({ name }) => `"${name}" cannot be the name of a cluster`,
    fix: 'Rename the file: a letter first, then letters, digits and hyphens, at most 40 characters before the suffix.',
  }),
  'bad-folder': define<{ key: string }>({
    owner: 'author',
    says: ({ key }) => `the folder part of "${key}" has an empty, "." or ".." part`,
    fix: 'Move the file to a folder with an ordinary name.',
  }),
  'extra-extension': define<{ file: string; better: string }>({
    owner: 'author',
    says: ({ file }) => `"${file}" is not read: something follows its suffix`,
    fix: ({ better }) => `Rename it to "${better}" (some programs add an extension and hide it).`,
  }),
  'suffix-case': define<{ file: string; better: string }>({
    owner: 'author',
    says: ({ file }) => `"${file}" is not read: the suffix must be in lower case`,
    fix: ({ better }) => `Rename it to "${better}".`,
  }),
  'key-too-long': define<{ bytes: number }>({
    owner: 'author',
    says: ({ bytes }) => `the path of the file is ${bytes} bytes long, 1000 is the most that can be answered`,
    fix: 'Use fewer or shorter folder names.',
  }),

  // Whether the user may
  'no-profile': define<{ user: string; contact: string }>({
    owner: 'operator',
    says: ({ user }) => `"${user}" has not been set up to start clusters`,
    fix: ({ contact, user }) => `Ask ${contact} to run: clusterdrop admin add-user ${user}`,
  }),
  frozen: define<{ reason: string; contact: string }>({
    owner: 'operator',
    says: ({ reason }) => `new clusters are paused: ${reason}`,
    fix: ({ contact }) => `Drop the file again later, or ask ${contact}. Running clusters go on.`,
  }),

  // What became of the stack
  'creation-failed': define<{ resource: string; reason: string }>({
    owner: 'operator',
    says: ({ resource, reason }) => `the cluster could not be built: ${resource} failed: ${reason}`,
    fix: 'If the reason names something in your file, change it and drop the file again; else show this to your administrator.',
  }),
  'creation-refused': define<{ reason: string }>({
    owner: 'operator',
    says: ({ reason }) => `CloudFormation refused to start the cluster: ${reason}`,
    fix: 'Show this to your administrator.',
  }),
  'update-failed': define<{ resource: string; reason: string }>({
    owner: 'operator',
    says: ({ resource, reason }) => `the change could not be made: ${resource} failed: ${reason}`,
    fix: 'The cluster runs on as it was. Change the file and drop it again, or show this to your administrator.',
  }),
  'update-refused': define<{ reason: string }>({
    owner: 'operator',
    says: ({ reason }) => `CloudFormation refused the change: ${reason}`,
    fix: 'The cluster runs on as it was. Show this to your administrator.',
  }),
  'cannot-change': define<{ key: string; from: string; to: string }>({
    owner: 'author',
    says: ({ key, from, to }) =>
      `${key} cannot be changed while the cluster runs (it is ${from}, the file asks for ${to})`,
    fix: 'Take this key out of the file, drop it under another name for a second cluster, or delete this cluster first.',
  }),
  'stack-vanished': define({
    owner: 'operator',
    says: () => 'the stack of this cluster was removed by somebody else while it was being started',
    fix: 'Drop the file again. If it happens again, ask your administrator who deletes stacks.',
  }),
  'stack-stuck': define<{ status: string; reason: string; contact: string }>({
    owner: 'operator',
    says: ({ status, reason }) =>
      `the stack of this cluster is stuck in ${status}${reason ? `: ${reason}` : ''}`,
    fix: ({ contact }) => `${contact} has to mend it; meanwhile use another name for a new cluster.`,
  }),
  'foreign-stack': define<{ stack: string; contact: string }>({
    owner: 'operator',
    says: ({ stack }) =>
      `a stack named ${stack} exists but does not belong to this cluster, so it was not touched`,
    fix: ({ contact }) => `Use another name, and show this to ${contact}.`,
  }),
  'mail-given-up': define<{ subject: string; reason: string }>({
    owner: 'operator',
    says: ({ subject, reason }) => `mail "${subject}" could not be sent for 24 hours: ${reason}`,
    fix: 'Check the mail settings of the installation.',
  }),

  bug: define<{ what: string }>({
    owner: 'bug',
    says: ({ what }) => `Clusterdrop itself failed: ${what}`,
    fix: 'Report it with this text; nothing that you wrote is lost.',
  }),
} as const;

export type ProblemCode = keyof typeof PROBLEMS;
type ParamsOf<C extends ProblemCode> = (typeof PROBLEMS)[C] extends Definition<infer P> ? P : never;

/** Where in the person's file: line and column count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** One thing to tell, as plain data: it goes into files, mails and `--json` as it is. */
export interface Problem {
  readonly code: ProblemCode;
  readonly owner: Owner;
  readonly message: string;
  readonly fix: string;
  readonly at?: Place;
}

export function problem<C extends ProblemCode>(code: C, params: ParamsOf<C>, at?: Place): Problem {
  const definition = PROBLEMS[code] as unknown as Definition<ParamsOf<C>>;
  const fix = typeof definition.fix === 'string' ? definition.fix : definition.fix(params);
  return { code, owner: definition.owner, message: definition.says(params), fix, ...(at && { at }) };
}

/** Exit codes: 2 the author's, 3 the administrator's, 70 ours (EX_SOFTWARE of sysexits.h). */
export const EXIT_CODE: Readonly<Record<Owner, number>> = { author: 2, operator: 3, bug: 70 };

/** A problem on its way up; whoever shows it to a person shows `problems`, never the stack trace. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problems: readonly Problem[];

  constructor(...problems: readonly Problem[]) {
    super(problems.map((one) => one.message).join('; '));
    this.problems = problems;
  }
}

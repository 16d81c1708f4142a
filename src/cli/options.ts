import { parseArgs } from 'node:util';
import { nearest } from '../core/nearest.ts';
import { type Problem, ProblemError, problem } from '../core/problems.ts';

/** `flag` stands alone; any other text says what must follow: "a length of time such as 30m". */
export interface OptionForm {
  readonly wants: string;
  /** May be given several times. */
  readonly several?: boolean;
}

/** Options of a command by their long names. */
export type OptionForms = Readonly<Record<string, OptionForm>>;

export interface Usage {
  /** The command's words, for messages. */
  readonly command: string;
  readonly options: OptionForms;
  /** What each argument is: "the name of a cluster". */
  readonly needs?: readonly string[];
  /** How many more may follow. */
  readonly mayHave?: number;
}

export interface ReadOptions {
  readonly args: readonly string[];
  has(option: string): boolean;
  /** The last one given wins. */
  get(option: string): string | undefined;
  all(option: string): readonly string[];
}

/** Every command knows these. */
export const COMMON: OptionForms = { json: { wants: 'flag' }, help: { wants: 'flag' } };
export const PLACE: OptionForms = {
  ...COMMON,
  store: { wants: 's3:// and the name of a bucket' },
  dir: { wants: 'the folder of the installation' },
};
export const PERSON: OptionForms = { ...PLACE, user: { wants: 'the name of a user' } };

/** Reads a command's arguments. Every mistake is told at once, with the nearest name. @throws ProblemError */
export function readOptions({ command, options, needs = [], mayHave = 0 }: Usage, given: readonly string[]) {
  const { tokens } = parseArgs({
    args: [...given],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: {
      ...Object.fromEntries(
        Object.entries(options).map(([name, { wants }]) => [
          name,
          { type: wants === 'flag' ? ('boolean' as const) : ('string' as const) },
        ]),
      ),
      help: { type: 'boolean', short: 'h' },
    },
  });
  const problems: Problem[] = [];
  const args: string[] = [];
  const values = new Map<string, string[]>();
  let strayIndex = -1;
  for (const token of tokens) {
    // What follows an option that we do not know is most likely its value.
    if (token.kind === 'positional' && token.index !== strayIndex) args.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, rawName, value, inlineValue } = token;
    const form = Object.hasOwn(options, name) ? options[name] : undefined;
    if (!form) {
      strayIndex = token.index + 1;
      const near = nearest(name, Object.keys(options))[0];
      problems.push(problem('unknown-option', { found: rawName, command, nearest: near && `--${near}` }));
    } else if (form.wants === 'flag') {
      if (value !== undefined)
        problems.push(problem('bad-option', { option: rawName, found: value, wants: 'alone' }));
      values.set(name, ['']);
    } else if (value === undefined || (!inlineValue && value.startsWith('--')))
      problems.push(problem('bad-option', { option: rawName, found: undefined, wants: form.wants }));
    else values.set(name, [...(values.get(name) ?? []), value]);
  }
  const missing = needs[args.length];
  if (missing !== undefined && problems.length === 0)
    problems.push(problem('missing-argument', { command, what: missing }));
  for (const found of args.slice(needs.length + mayHave))
    problems.push(problem('extra-argument', { command, found }));
  if (problems.length > 0) throw new ProblemError(...problems);
  return {
    args,
    has: (option: string) => values.has(option),
    get: (option: string) => values.get(option)?.at(-1),
    all: (option: string) => values.get(option) ?? [],
  } satisfies ReadOptions;
}

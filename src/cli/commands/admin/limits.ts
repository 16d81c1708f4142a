import { ProblemError, problem } from '../../../core/problems.ts';
import {
  type ChangedLimits,
  changeLimits,
  EVERYBODY,
  type LimitChange,
} from '../../../engine/administration/change-limits.ts';
import { type EffectiveLimit, effectiveLimits } from '../../../engine/administration/effective-limits.ts';
import { demandUser } from '../../../engine/administration/known-users.ts';
import { limitName, limitValue } from '../../../engine/administration/limit-value.ts';
import { answer } from '../../answer.ts';
import type { Command, Terminal } from '../../command.ts';
import { type AdminStores, openAdminStores } from '../../open-stores.ts';
import { PLACE, type ReadOptions, readOptions } from '../../options.ts';
import { table } from '../../table.ts';

const MOST_ARGUMENTS = 100;

export const limits: Command = {
  help: `Usage: clusterdrop admin limits show [USER]
       clusterdrop admin limits set [USER] KEY=VALUE... [--unset KEY]...

What users may have: everybody, or one user, whose own limits come before everybody's.

    clusterdrop admin limits set clusters=5 usdPerMonth=500
    clusterdrop admin limits set alice 'instanceTypes=t3.*,r4.*' usdPerHour=none

Lists are separated by commas; none is no limit (or an empty list).

  --unset KEY   take a limit out again, so that the one below it holds
  --store URL   the installation: s3://BUCKET (or CLUSTERDROP_STORE)
  --dir DIR     the same in a folder (or CLUSTERDROP_DIR; default ./clusterdrop-data)
  --json        one JSON document`,

  async run(args, terminal) {
    const options = readOptions(
      {
        command: 'admin limits',
        options: { ...PLACE, unset: { wants: 'the name of a limit', several: true } },
        needs: ['what to do: show or set'],
        mayHave: MOST_ARGUMENTS,
      },
      args,
    );
    const [action, ...rest] = options.args;
    if (action === 'set') return set(rest, options, terminal);
    if (action === 'show' && rest.length <= 1) return show(rest[0], options, terminal);
    throw new ProblemError(
      problem('extra-argument', {
        command: 'admin limits',
        found: (action === 'show' ? rest[1] : action) ?? '',
      }),
    );
  },
};

async function show(named: string | undefined, options: ReadOptions, terminal: Terminal): Promise<number> {
  const stores = await openAdminStores(options, terminal);
  const user = await userNamed(named, stores);
  const all = await effectiveLimits(stores.admin.store, user);
  const document = {
    user: user ?? null,
    limits: Object.fromEntries(all.map(({ limit, value, from }) => [limit, { value: value ?? null, from }])),
  };
  answer(terminal, options, document, () => {
    const rows = all.map(({ limit, value, from }) => [limit, shown(value), FROM[from](user)]);
    return `What ${user ?? 'everybody'} may have\n\n${table(['LIMIT', 'VALUE', 'FROM'], rows)}`;
  });
  return 0;
}

async function set(words: readonly string[], options: ReadOptions, terminal: Terminal): Promise<number> {
  const named = words[0] !== undefined && !words[0].includes('=') ? words[0] : undefined;
  const changes = changesOf(named === undefined ? words : words.slice(1), options);
  const stores = await openAdminStores(options, terminal);
  const user = await userNamed(named, stores);
  const changed = await changeLimits(stores.admin.store, user ?? EVERYBODY, changes);
  const lines = changes.map((change) => lineOf(change, changed));
  answer(terminal, options, { user: user ?? null, changes: lines }, () =>
    lines
      .map(({ limit, before, after }) => {
        const same = shown(before) === shown(after) ? ' (as it was)' : '';
        return `${user ?? 'everybody'}: ${limit}  ${shown(before)} -> ${shown(after)}${same}\n`;
      })
      .join(''),
  );
  return 0;
}

/** Every mistake at once. @throws ProblemError */
function changesOf(words: readonly string[], options: ReadOptions): LimitChange[] {
  const problems = [];
  const changes: LimitChange[] = [];
  const wishes = [
    ...words.map((word) => ({ word, at: word.indexOf('=') })),
    ...options.all('unset').map((word) => ({ word, at: undefined })),
  ];
  for (const { word, at } of wishes) {
    try {
      if (at === -1) problems.push(problem('extra-argument', { command: 'admin limits set', found: word }));
      else if (at === undefined) changes.push({ limit: limitName(word), value: undefined });
      else {
        const limit = limitName(word.slice(0, at));
        changes.push({ limit, value: limitValue(limit, word.slice(at + 1)) });
      }
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (wishes.length === 0)
    problems.push(problem('missing-argument', { command: 'admin limits', what: 'what to set: KEY=VALUE' }));
  if (problems.length > 0) throw new ProblemError(...problems);
  return changes;
}

function lineOf({ limit }: LimitChange, { before, after }: ChangedLimits) {
  return {
    limit,
    before: before[limit] ?? unset(limit in before),
    after: after[limit] ?? unset(limit in after),
  };
}

function unset(there: boolean): null | 'not set' {
  return there ? null : 'not set';
}

async function userNamed(name: string | undefined, { admin }: AdminStores): Promise<string | undefined> {
  if (name === undefined || name === EVERYBODY) return undefined;
  await demandUser(admin.store, name);
  return name;
}

function shown(value: EffectiveLimit['value'] | null): string {
  if (value === null) return 'no limit';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return value === undefined ? 'no' : String(value);
}

const FROM: Readonly<Record<EffectiveLimit['from'], (user: string | undefined) => string>> = {
  shipped: () => 'as shipped',
  default: () => 'limits/default.json',
  user: (user) => `limits/${user}.json`,
};

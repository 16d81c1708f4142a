import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ProblemError } from '../../../core/problems.ts';
import { type AddedUser, addUser } from '../../../engine/administration/add-user.ts';
import { knownUsers } from '../../../engine/administration/known-users.ts';
import { type ListedUser, readUserList } from '../../../engine/administration/read-user-list.ts';
import { welcomeUser } from '../../../engine/administration/welcome-user.ts';
import { textOf } from '../../../engine/json-object.ts';
import { answer } from '../../answer.ts';
import type { Command, Terminal } from '../../command.ts';
import { IAM_OPTIONS, iamSideOf } from '../../iam-options.ts';
import type { IamGift, IamSide } from '../../iam-side.ts';
import { type AdminStores, openAdminStores } from '../../open-stores.ts';
import { PLACE, type ReadOptions, readOptions } from '../../options.ts';
import { readFileOf } from '../../read-request-file.ts';
import { table } from '../../table.ts';
import { exitCodeOf, fileProblems } from '../../tell-problems.ts';

const LONGEST = 10_000_000;

export const addUsers: Command = {
  help: `Usage: clusterdrop admin add-users FILE.csv

Lets everybody on a list start clusters. The first line names the columns; several
keys of one user are several lines:

    name,email,key
    alice,alice@example.org,ssh-ed25519 AAAA... alice
    bob,bob@example.org,keys/bob.pub

A key is its text, or the name of a file, as seen from the list. Every mistake is
told before anything is done. Repeating it changes nothing; nobody is removed.

On AWS the users are the IAM users of these names, who must be there:
  --create            make those who are missing
  --group GROUP       put them into this IAM group, or none (default: the installation's)
  --access-keys DIR   make an access key for each: DIR/NAME.credentials
  --federated         no IAM users: they sign in by a directory of your own

  --store URL   the installation: s3://BUCKET (or CLUSTERDROP_STORE)
  --dir DIR     the same in a folder (or CLUSTERDROP_DIR; default ./clusterdrop-data)
  --json        one JSON document`,

  async run(args, terminal) {
    const options = readOptions(
      {
        command: 'admin add-users',
        options: {
          ...PLACE,
          ...IAM_OPTIONS,
          'access-keys': { wants: 'a folder to write access keys to' },
        },
        needs: ['the name of a list (name,email,key)'],
      },
      args,
    );
    const stores = await openAdminStores(options, terminal);
    const { admin } = stores;
    const iam = await iamSideOf(stores, options, terminal);
    const file = options.args[0] ?? '';
    const text = textOf(readFileOf(file, terminal.cwd, LONGEST));
    const listed = readListed(text, file, await knownUsers(admin.store), options, terminal);
    if (typeof listed === 'number') return listed;
    await iam?.check(listed.map(({ name }) => name));
    const done = await addAll(listed, stores, iam, keyFolder(options, terminal));
    answer(terminal, options, { users: done }, () =>
      table(
        ['USER', 'OUTCOME', '>KEYS', 'MAIL', ...(iam ? ['IAM USER', 'GROUP', 'ACCESS KEY'] : [])],
        done.map(({ name, outcome, keys, email, iam: gift }) => [
          name,
          outcome,
          String(keys),
          email ?? '',
          ...(gift ? [gift.user, gift.group ?? '', gift.accessKey?.file ?? ''] : []),
        ]),
      ),
    );
    return 0;
  },
};

interface Done {
  readonly name: string;
  readonly outcome: AddedUser['outcome'];
  readonly keys: number;
  readonly email: string | null;
  readonly iam?: IamGift;
}

async function addAll(
  listed: readonly ListedUser[],
  { users, admin }: AdminStores,
  iam: IamSide | undefined,
  folder: string | undefined,
): Promise<Done[]> {
  const done: Done[] = [];
  for (const { line: _, ...user } of listed) {
    const { name } = user;
    const { outcome } = await addUser(admin.store, user);
    await welcomeUser(users, admin.installation, name);
    const gift = await iam?.give(
      name,
      folder === undefined ? undefined : join(folder, `${name}.credentials`),
    );
    done.push({
      name,
      outcome,
      keys: user.keys.length,
      email: user.email ?? null,
      ...(gift && { iam: gift }),
    });
  }
  return done;
}

/** Nobody else may look into it. */
function keyFolder(options: ReadOptions, { cwd }: Terminal): string | undefined {
  const folder = options.get('access-keys');
  if (folder !== undefined) mkdirSync(resolve(cwd, folder), { recursive: true, mode: 0o700 });
  return folder;
}

/** @returns an exit code when the list is wrong, which has been told then */
function readListed(
  text: string,
  file: string,
  known: readonly string[],
  options: ReadOptions,
  terminal: Terminal,
): ListedUser[] | number {
  const folder = dirname(resolve(terminal.cwd, file));
  try {
    return readUserList(text, {
      known,
      readKeys: (name) => textOf(readFileOf(resolve(folder, name), terminal.cwd, LONGEST)),
    });
  } catch (error) {
    if (!(error instanceof ProblemError) || options.has('json')) throw error;
    terminal.err(fileProblems('Nothing was done:', error.problems, text));
    return exitCodeOf(error.problems);
  }
}

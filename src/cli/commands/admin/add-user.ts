import { isUser } from '../../../core/identity.ts';
import { ProblemError, problem } from '../../../core/problems.ts';
import { type AddedUser, addUser } from '../../../engine/administration/add-user.ts';
import { isMailAddress } from '../../../engine/administration/mail-address.ts';
import { keysIn } from '../../../engine/administration/public-key.ts';
import { welcomeUser } from '../../../engine/administration/welcome-user.ts';
import { textOf } from '../../../engine/json-object.ts';
import { answer } from '../../answer.ts';
import type { Command } from '../../command.ts';
import { giftWords, IAM_OPTIONS, iamSideOf } from '../../iam-options.ts';
import { openAdminStores } from '../../open-stores.ts';
import { PLACE, readOptions } from '../../options.ts';
import { readFileOf } from '../../read-request-file.ts';

const LONGEST_KEYS = 1_000_000;

export const addUserCommand: Command = {
  help: `Usage: clusterdrop admin add-user NAME [--key FILE]... [--email ADDRESS]

Lets somebody start clusters: makes their profile from customizer/default/, and a
folder home/NAME/ to drop files into. Repeating it adds what is new.

  --key FILE       public ssh keys that may log in, such as id_ed25519.pub; may be
                   given several times
  --email ADDRESS  where mail about their clusters goes

On AWS the user is the IAM user of that name, in any path, who must be there:
  --create            make the IAM user
  --group GROUP       put them into this IAM group, or none (default: the installation's)
  --access-key FILE   make an access key and write it to FILE, a credentials file
  --federated         no IAM user: they sign in by a directory of your own

  --store URL      the installation: s3://BUCKET (or CLUSTERDROP_STORE)
  --dir DIR        the same in a folder (or CLUSTERDROP_DIR; default ./clusterdrop-data)
  --json           one JSON document`,

  async run(args, terminal) {
    const options = readOptions(
      {
        command: 'admin add-user',
        options: {
          ...PLACE,
          key: { wants: 'a file with a public ssh key', several: true },
          email: { wants: 'a mail address' },
          ...IAM_OPTIONS,
          'access-key': { wants: 'a file to write the access key to' },
        },
        needs: ['the name of the user'],
      },
      args,
    );
    const name = options.args[0] ?? '';
    const email = options.get('email');
    if (email !== undefined && !isMailAddress(email))
      throw new ProblemError(
        problem('bad-option', { option: '--email', found: email, wants: 'a mail address' }),
      );
    const keys = options
      .all('key')
      .flatMap((file) => keysIn(textOf(readFileOf(file, terminal.cwd, LONGEST_KEYS))));
    const stores = await openAdminStores(options, terminal);
    const { users, admin, flags } = stores;
    const iam = await iamSideOf(stores, options, terminal);
    if (!isUser(name)) throw new ProblemError(problem('bad-user', { user: name }));
    await iam?.check([name]);
    const { outcome } = await addUser(admin.store, { name, keys, ...(email !== undefined && { email }) });
    await welcomeUser(users, admin.installation, name);
    const gift = await iam?.give(name, options.get('access-key'));
    const tag = (gift?.user === 'federated' && (await iam?.federatedTag())) || '';
    const document = {
      user: name,
      outcome,
      keys: keys.length,
      email: email ?? null,
      ...(gift && { iam: { ...gift, ...(tag !== '' && { tag }) } }),
    };
    const policy = `${admin.installation.prefix}-federated-users`;
    // An IAM user's identity tells whose folder is meant, and nothing tells another machine which bucket is.
    const who = gift ? ` --store s3://${users.bucket}` : `${flags} --user ${name}`;
    answer(
      terminal,
      options,
      document,
      () => `${OUTCOMES[outcome](name)}
${gift ? giftWords(name, gift, tag, policy) : ''}
What ${name} does now: drop a file NAME.cf-create into home/${name}/ (the README.txt there
says how), or: clusterdrop create NAME${who} --wait
${keys.length > 0 || outcome !== 'added' ? '' : `To log in, ${name} needs a key: home/${name}/authorized_keys, or --key FILE here.\n`}`,
    );
    return 0;
  },
};

/** What was done, in a sentence. */
export const OUTCOMES: Readonly<Record<AddedUser['outcome'], (name: string) => string>> = {
  added: (name) => `Added ${name}, who may start clusters now.`,
  changed: (name) => `Changed ${name}: what is new was added.`,
  unchanged: (name) => `${name} was there already; nothing has changed.`,
};

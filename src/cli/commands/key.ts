import { ProblemError, problem } from '../../core/problems.ts';
import { visibleLine } from '../../core/report/visible.ts';
import { answer } from '../answer.ts';
import { changeKeys, readKeyLines } from '../authorized-keys.ts';
import type { Command, Terminal } from '../command.ts';
import { readKeyFile } from '../key-file.ts';
import { openStores } from '../open-stores.ts';
import { PERSON, type ReadOptions, readOptions } from '../options.ts';
import { type PublicKey, readPublicKey } from '../public-key-blob.ts';
import { whichUser } from '../which-user.ts';

export const keyCommand: Command = {
  help: `Usage: clusterdrop key list
       clusterdrop key add [FILE]
       clusterdrop key remove FINGERPRINT|COMMENT

Who may log in to your clusters: the public ssh keys in the file authorized_keys of
your folder. Clusters that run follow it within a minute. Keys that the administrator
gave you hold as well, and are not in that file.

FILE is the public half of a key, such as ~/.ssh/id_ed25519.pub, or - for standard
input; without it the usual places are looked at. A key is removed by its fingerprint,
or by the whole of its comment.

  --user NAME   whose keys (or CLUSTERDROP_USER; default: you, or the only one)
  --store URL   the installation: s3://BUCKET (or CLUSTERDROP_STORE)
  --dir DIR     the same in a folder (or CLUSTERDROP_DIR; default ./clusterdrop-data)
  --json        one JSON document`,

  async run(args, terminal) {
    const options = readOptions(
      { command: 'key', options: PERSON, needs: ['what to do: list, add or remove'], mayHave: 1 },
      args,
    );
    const [action = '', what] = options.args;
    switch (action) {
      case 'list':
        if (what !== undefined) break;
        return list(options, terminal);
      case 'add':
        return add(what, options, terminal);
      case 'remove':
        if (what !== undefined) return remove(what, options, terminal);
        throw new ProblemError(
          problem('missing-argument', { command: 'key', what: 'which key: a fingerprint or a comment' }),
        );
    }
    throw new ProblemError(problem('extra-argument', { command: 'key', found: what ?? action }));
  },
};

async function list(options: ReadOptions, terminal: Terminal): Promise<number> {
  const { stores, user } = await whose(options, terminal);
  const keys = (await readKeyLines(stores.users, user)).flatMap((line) => readPublicKey(line) ?? []);
  answer(terminal, options, { user, keys: keys.map(documentOf) }, () =>
    keys.length === 0
      ? `${user} has no key in home/${user}/authorized_keys. To add one: clusterdrop key add${stores.flags}\n`
      : keys.map((one) => `${keyLine(one)}\n`).join(''),
  );
  return 0;
}

async function add(file: string | undefined, options: ReadOptions, terminal: Terminal): Promise<number> {
  // Read and judged before anything is called: what is no public key never leaves this machine.
  const found = await readKeyFile(file, terminal);
  const { stores, user } = await whose(options, terminal);
  const added = await changeKeys(stores.users, user, (lines) => {
    const have = new Set(lines.flatMap((line) => readPublicKey(line)?.fingerprint ?? []));
    const fresh = found.filter(({ key }) => !have.has(key.fingerprint));
    return { lines: [...lines, ...fresh.map(({ line }) => line)], outcome: fresh };
  });
  const document = { user, added: added.map(({ key }) => documentOf(key)), given: found.length };
  answer(terminal, options, document, () =>
    found
      .map(
        ({ key }) =>
          `${added.some((one) => one.key === key) ? 'Added' : 'Was there already'}: ${keyLine(key)}\n`,
      )
      .join(''),
  );
  return 0;
}

async function remove(what: string, options: ReadOptions, terminal: Terminal): Promise<number> {
  const { stores, user } = await whose(options, terminal);
  const { removed, left } = await changeKeys(stores.users, user, (lines) => {
    const keys = lines.map((line) => readPublicKey(line));
    const meant = keys.flatMap((one) =>
      one && (one.fingerprint === what || one.comment === what.trim()) ? [one] : [],
    );
    const fingerprints = [...new Set(meant.map((one) => one.fingerprint))];
    const [only, ...others] = fingerprints;
    if (only === undefined) throw new ProblemError(problem('no-such-key', { found: what, user }));
    if (others.length > 0) throw new ProblemError(problem('several-keys', { found: what, fingerprints }));
    const stays = lines.filter((_, at) => keys[at]?.fingerprint !== only);
    return {
      lines: stays,
      outcome: { removed: meant, left: stays.filter((line) => readPublicKey(line)).length },
    };
  });
  const [one] = removed;
  answer(terminal, options, { user, removed: removed.map(documentOf), left }, () =>
    [
      one ? `Removed: ${keyLine(one)}\n` : '',
      left > 0
        ? ''
        : `No key is left in home/${user}/authorized_keys: only keys that the administrator gave you let you log in.\n`,
    ].join(''),
  );
  return 0;
}

async function whose(options: ReadOptions, terminal: Terminal) {
  const stores = await openStores(options, terminal);
  return { stores, user: await whichUser(stores, options, terminal) };
}

/** As `ssh-keygen -l` writes it. */
function keyLine({ bits, fingerprint, comment, kind }: PublicKey): string {
  return `${bits} ${fingerprint} ${visibleLine(comment || 'no comment', 100)} (${kind})`;
}

function documentOf({ type, bits, fingerprint, comment }: PublicKey) {
  return { type, bits, fingerprint, comment };
}

import { ProblemError, problem } from '../core/problems.ts';
import type { Terminal } from './command.ts';
import type { IamGift, IamSide } from './iam-side.ts';
import type { AdminStores } from './open-stores.ts';
import type { OptionForms, ReadOptions } from './options.ts';

/** What adding users takes besides where there is IAM. */
export const IAM_OPTIONS: OptionForms = {
  create: { wants: 'flag' },
  federated: { wants: 'flag' },
  group: { wants: 'the name of an IAM group, or none' },
};

/** `undefined` for an installation that is a folder. @throws ProblemError `only-on-aws`, `clashing-options` */
export async function iamSideOf(
  { aws, admin }: AdminStores,
  options: ReadOptions,
  terminal: Terminal,
): Promise<IamSide | undefined> {
  const given = [...Object.keys(IAM_OPTIONS), 'access-key', 'access-keys'].filter((one) => options.has(one));
  if (!aws) {
    if (given.length === 0) return undefined;
    throw new ProblemError(...given.map((one) => problem('only-on-aws', { option: `--${one}` })));
  }
  const other = given.find((one) => one !== 'federated');
  if (options.has('federated') && other !== undefined) {
    const why = 'somebody who signs in by your own directory is no IAM user';
    throw new ProblemError(problem('clashing-options', { one: '--federated', other: `--${other}`, why }));
  }
  // A folder does without the SDK.
  const { IamSide: side } = await import('./iam-side.ts');
  return side.open(admin, options, terminal);
}

/** What was done, in sentences. */
export function giftWords(
  name: string,
  { user, group, accessKey }: IamGift,
  tag: string,
  policy: string,
): string {
  if (user === 'federated')
    return `${name} signs in by your directory: the session needs the principal tag ${tag} = ${name}, and its role the policy ${policy}.\n`;
  const who = user === 'created' ? `Made the IAM user ${name}` : `The IAM user ${name} was there`;
  const where = group === null ? 'It is put into no group' : `It is in the group ${group}`;
  const key =
    accessKey === null
      ? ''
      : accessKey.outcome === 'made'
        ? `Their access key is in ${accessKey.file}: hand it over safely, as their ~/.aws/credentials.\n`
        : `${accessKey.file} holds a key of theirs already; no other was made.\n`;
  return `${who}. ${where}.\n${key}`;
}

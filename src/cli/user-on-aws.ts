import { isUser } from '../core/identity.ts';
import { nearest } from '../core/nearest.ts';
import { type Problem, ProblemError, problem } from '../core/problems.ts';
import { hasProfile, knownUsers } from '../engine/administration/known-users.ts';
import { hasHome, usersWithHome } from '../engine/client/users-with-home.ts';
import type { AwsSide, Stores } from './open-stores.ts';

/**
 * Whose clusters are meant where everybody has an AWS identity: whoever is named, else an IAM user is the user of their name; a role
 * or a federated user is the one that is remembered, else the one of the session's name if that one has a folder.
 * Works with rights on one's own folder and on nothing else.
 * @throws ProblemError
 */
export async function userOnAws(stores: Stores, aws: AwsSide, named: string | undefined): Promise<string> {
  if (named !== undefined) {
    await demandNamed(named, stores, aws);
    aws.prove((await isToRemember(named, stores, aws)) ? named : undefined);
    return named;
  }
  const caller = await aws.caller();
  const { kind, arn, name = '' } = caller;
  if (kind === 'root')
    throw fail(problem('caller-is-root', { account: /::(\d+):/.exec(arn)?.[1] ?? 'this' }));
  const user = kind === 'user' ? name : (aws.rememberedUser ?? name);
  const isHint = kind !== 'user' && aws.rememberedUser === undefined;
  const unnamed = () => fail(problem('caller-unnamed', { arn }));
  if (!isUser(user)) throw isHint ? unnamed() : fail(problem('bad-user', { user }));
  const home = await lookAt(user, stores, aws);
  if (home !== 'there' && isHint) throw unnamed();
  if (home === 'denied') throw denied(user, stores, arn);
  // A folder begins with its first file. Only an administrator can see whether this is a user without one.
  if (home === 'empty' && stores.admin && !(await hasProfile(stores.admin.store, user)))
    throw fail(problem('caller-no-user', { user, arn }));
  aws.prove();
  return user;
}

async function demandNamed(user: string, stores: Stores, aws: AwsSide): Promise<void> {
  const home = await lookAt(user, stores, aws);
  if (home === 'there') return;
  if (home === 'denied') throw denied(user, stores, (await aws.caller()).arn);
  const users = await everybody(stores, aws);
  if (users !== undefined && !users.includes(user))
    throw fail(problem('unknown-user', { user, nearest: nearest(user, users)[0] }));
}

async function lookAt(user: string, { users }: Stores, aws: AwsSide): Promise<'there' | 'empty' | 'denied'> {
  try {
    return (await hasHome(users, user)) ? 'there' : 'empty';
  } catch (error) {
    if (aws.isDenied(error)) return 'denied';
    throw error;
  }
}

/** `undefined` for those who may not know, as most researchers. */
async function everybody({ users, admin }: Stores, aws: AwsSide): Promise<string[] | undefined> {
  try {
    const names = new Set(await usersWithHome(users));
    if (admin) for (const name of await knownUsers(admin.store)) names.add(name);
    return [...names].toSorted();
  } catch (error) {
    if (aws.isDenied(error)) return undefined;
    throw error;
  }
}

/** A researcher whose identity does not tell; an administrator works for many, and an IAM user needs no reminder. */
async function isToRemember(user: string, { admin }: Stores, aws: AwsSide): Promise<boolean> {
  if (admin || aws.rememberedUser === user) return false;
  // That it cannot be asked is no reason against a user who was named.
  const caller = await aws.caller().catch(() => undefined);
  return caller !== undefined && caller.kind !== 'user' && caller.kind !== 'root' && caller.name !== user;
}

function denied(user: string, { name }: Stores, arn: string): ProblemError {
  return fail(problem('folder-denied', { folder: `${name}/home/${user}/`, arn }));
}

function fail(one: Problem): ProblemError {
  return new ProblemError(one);
}

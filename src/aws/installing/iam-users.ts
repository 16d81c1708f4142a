import {
  AddUserToGroupCommand,
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  GetGroupCommand,
  GetUserCommand,
  IAMClient,
  ListAccessKeysCommand,
  paginateListGroupsForUser,
} from '@aws-sdk/client-iam';
import { ProblemError, problem } from '../../core/problems.ts';
import { type AwsAccess, clientConfig } from '../access.ts';
import { leaveGroup } from './iam-members.ts';

/** An access key of somebody, as IAM tells it once and never again. */
export interface AccessKey {
  readonly id: string;
  readonly secret: string;
}

/** IAM: at most so many of one user. */
const MOST_KEYS = 2;

/** IAM users whose names are those of folders. None is ever deleted here: who may sign in to an account is not ours to end. */
export class IamUsers {
  readonly #client: IAMClient;

  constructor(access: AwsAccess, region: string) {
    this.#client = new IAMClient(clientConfig(access, region));
  }

  /** The name of a folder is `${aws:username}`, letter for letter and without the user's path. */
  async has(name: string): Promise<boolean> {
    const found = await orAbsent(this.#client.send(new GetUserCommand({ UserName: name })));
    return found?.User?.UserName === name;
  }

  async create(name: string): Promise<void> {
    try {
      await this.#client.send(new CreateUserCommand({ UserName: name }));
    } catch (error) {
      // Names of IAM users differ in more than letter case: there may be one that is nearly the same.
      if (!isNamed(error, 'EntityAlreadyExistsException') || !(await this.has(name))) throw error;
    }
  }

  /** @throws ProblemError `no-iam-group` */
  async demandGroup(group: string): Promise<void> {
    if (await orAbsent(this.#client.send(new GetGroupCommand({ GroupName: group, MaxItems: 1 })))) return;
    throw new ProblemError(problem('no-iam-group', { group }));
  }

  /** @returns false when they were a member already */
  async join(group: string, name: string): Promise<boolean> {
    const pages = paginateListGroupsForUser({ client: this.#client }, { UserName: name });
    for await (const { Groups = [] } of pages)
      if (Groups.some(({ GroupName }) => GroupName === group)) return false;
    await this.#client.send(new AddUserToGroupCommand({ GroupName: group, UserName: name }));
    return true;
  }

  /** @returns false when they were no member */
  leave(group: string, name: string): Promise<boolean> {
    return leaveGroup(this.#client, group, name);
  }

  async keyIds(name: string): Promise<string[]> {
    const { AccessKeyMetadata = [] } = await this.#client.send(new ListAccessKeysCommand({ UserName: name }));
    return AccessKeyMetadata.map(({ AccessKeyId = '' }) => AccessKeyId);
  }

  /** @throws ProblemError `access-key-limit` */
  async createKey(name: string): Promise<AccessKey> {
    if ((await this.keyIds(name)).length >= MOST_KEYS)
      throw new ProblemError(problem('access-key-limit', { user: name }));
    const { AccessKey } = await this.#client.send(new CreateAccessKeyCommand({ UserName: name }));
    return { id: AccessKey?.AccessKeyId ?? '', secret: AccessKey?.SecretAccessKey ?? '' };
  }

  async deleteKey(name: string, id: string): Promise<void> {
    await this.#client.send(new DeleteAccessKeyCommand({ UserName: name, AccessKeyId: id }));
  }
}

async function orAbsent<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isNamed(error, 'NoSuchEntityException')) return undefined;
    throw error;
  }
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}

import { awsAccess } from '../aws/access.ts';
import { readAwsInstallation } from '../aws/aws-installation.ts';
import { DEFAULT_CHOICES } from '../aws/installing/choices.ts';
import { readDeployment } from '../aws/installing/deployment-record.ts';
import { IamUsers } from '../aws/installing/iam-users.ts';
import { ProblemError, problem } from '../core/problems.ts';
import { giveAccessKey } from './access-key-file.ts';
import type { Terminal } from './command.ts';
import type { AdminStores } from './open-stores.ts';
import type { ReadOptions } from './options.ts';

/** What was done for somebody in IAM. */
export interface IamGift {
  readonly user: 'there' | 'created' | 'federated';
  readonly group: string | null;
  /** False for who was in it before. */
  readonly joined: boolean;
  readonly accessKey: { readonly file: string; readonly outcome: 'made' | 'there' } | null;
}

/** IAM, as far as it has to do with the users of an installation on AWS. */
export class IamSide {
  readonly #iam: IamUsers;
  readonly #terminal: Terminal;
  readonly #options: ReadOptions;
  readonly #admin: AdminStores['admin'];
  readonly group: string;

  private constructor(
    iam: IamUsers,
    group: string,
    admin: AdminStores['admin'],
    options: ReadOptions,
    terminal: Terminal,
  ) {
    this.#iam = iam;
    this.group = group;
    this.#admin = admin;
    this.#options = options;
    this.#terminal = terminal;
  }

  static async open(admin: AdminStores['admin'], options: ReadOptions, terminal: Terminal): Promise<IamSide> {
    const installation = await readAwsInstallation(admin.store);
    if (!installation) throw new ProblemError(problem('not-on-aws', { bucket: admin.installation.bucket }));
    const { region, group = `${installation.prefix}-users` } = installation.aws;
    const iam = new IamUsers(awsAccess(terminal.env), region);
    return new IamSide(iam, group, admin, options, terminal);
  }

  /** Everything that can be found out before anything is done. @throws ProblemError with everybody who is missing */
  async check(names: readonly string[]): Promise<void> {
    const isFederated = this.#options.has('federated');
    const group = this.#chosenGroup();
    if (!isFederated && group !== undefined) await this.#iam.demandGroup(group);
    if (isFederated || this.#options.has('create')) return;
    const missing = [];
    for (const name of names) if (!(await this.#iam.has(name))) missing.push(name);
    if (missing.length > 0)
      throw new ProblemError(...missing.map((user) => problem('no-iam-user', { user })));
  }

  /** Safe to repeat: what is there is left as it is. */
  async give(name: string, keyFile: string | undefined): Promise<IamGift> {
    if (this.#options.has('federated'))
      return { user: 'federated', group: null, joined: false, accessKey: null };
    const isNew = !(await this.#iam.has(name));
    if (isNew) await this.#iam.create(name);
    const group = this.#chosenGroup();
    const joined = group !== undefined && (await this.#iam.join(group, name));
    const accessKey =
      keyFile === undefined
        ? null
        : { file: keyFile, outcome: await giveAccessKey(this.#iam, name, keyFile, this.#terminal.cwd) };
    return { user: isNew ? 'created' : 'there', group: group ?? null, joined, accessKey };
  }

  leave(name: string): Promise<boolean> {
    return this.#iam.leave(this.group, name);
  }

  /** Key of the principal tag that names the folder of somebody who is no IAM user. */
  async federatedTag(): Promise<string> {
    const read = await readDeployment(this.#admin.store);
    return read?.record.choices.federatedTag ?? DEFAULT_CHOICES.federatedTag;
  }

  #chosenGroup(): string | undefined {
    const group = this.#options.get('group') ?? this.group;
    return group === 'none' ? undefined : group;
  }
}

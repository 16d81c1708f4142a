import { spawnSync } from 'node:child_process';
import { startMoto } from '../test/emulator/moto.ts';
import { type AwsLife, type AwsLifeOptions, measureAwsLife } from './aws-life.ts';
import { type AwsLifeAccount, type AwsLifeConditions, openAwsLifeAccount } from './aws-life-account.ts';
import type { FunctionsWork } from './aws-life-functions.ts';
import { verifyDomain } from './aws-life-parts.ts';
import { measureOldWay } from './old-way.ts';

export interface AwsLives {
  /** Both ways under each of the conditions. */
  readonly rows: readonly (AwsLifeConditions & { readonly ours: AwsLife; readonly old: FunctionsWork })[];
  /** Ours once more, in a function that remembers. */
  readonly warm: FunctionsWork;
}

/** Every length of creation with every number of other stacks, each in an account of its own. `undefined` without the emulator. */
export async function measureAwsLives(
  lengths: readonly number[],
  otherStacks: readonly number[],
): Promise<AwsLives | undefined> {
  if (spawnSync('python3', ['-c', 'import moto.server'], { stdio: 'ignore' }).status !== 0) return undefined;
  const moto = await startMoto();
  const inAccount = async <T>(
    conditions: AwsLifeConditions,
    measure: (account: AwsLifeAccount) => Promise<T>,
  ): Promise<T> => {
    const account = await openAwsLifeAccount(moto.endpoint, conditions);
    try {
      return await measure(account);
    } finally {
      await account.close();
    }
  };
  const ours = (conditions: AwsLifeConditions, options: AwsLifeOptions = {}) =>
    inAccount(conditions, (account) => measureAwsLife(account, options));
  try {
    await verifyDomain(moto.endpoint);
    // The first one of all warms up the emulator, too.
    const { life: warm } = await ours({ minutes: 1, others: 0 }, { warm: true });
    const rows: AwsLives['rows'][number][] = [];
    for (const minutes of lengths)
      for (const others of otherStacks) {
        const conditions = { minutes, others };
        rows.push({
          ...conditions,
          ours: await ours(conditions),
          old: await inAccount(conditions, measureOldWay),
        });
      }
    return { rows, warm };
  } finally {
    await moto.stop();
  }
}

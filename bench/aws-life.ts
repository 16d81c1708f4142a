import { HOUR } from '../src/core/instant.ts';
import { textOf } from '../src/engine/json-object.ts';
import { type AwsLifeAccount, USER } from './aws-life-account.ts';
import { AwsLifeFunctions, type FunctionsWork } from './aws-life-functions.ts';

export interface AwsLife {
  /** From the drop to `.cf-deleted`. */
  readonly life: FunctionsWork;
  /** One sweep while the cluster runs. */
  readonly sweep: FunctionsWork;
}

const PATH = `home/${USER}/mycluster`;

export interface AwsLifeOptions {
  /** One function attends to everything and remembers what it has read. Default: each message finds one that has just started. */
  readonly warm?: boolean;
}

/**
 * One cluster's life with us: dropped, made, run for an hour, deleted. A function that has just started and knows nothing is the most
 * that a message can cost; on AWS many find one that still remembers the last.
 */
export async function measureAwsLife(
  account: AwsLifeAccount,
  { warm = false }: AwsLifeOptions = {},
): Promise<AwsLife> {
  const functions = new AwsLifeFunctions(account, warm);
  await functions.drop(`${PATH}.cf-create`, '{}');
  await functions.attendAll();
  await expectFiles(account, 'created');
  account.clock.advance(HOUR);
  const swept = await functions.sweep();
  await functions.drop(`${PATH}.cf-delete`, '');
  await functions.attendAll();
  await expectFiles(account, 'deleted');
  return { life: functions.work, sweep: swept };
}

async function expectFiles({ users }: AwsLifeAccount, end: 'created' | 'deleted'): Promise<void> {
  const files: string[] = [];
  for await (const page of users.list(`${PATH}.cf-`))
    files.push(...page.objects.map(({ key }) => key.slice(PATH.length + 4)));
  if (files.toSorted().join() === `${end},status`) return;
  const failed = await users.get(`${PATH}.cf-failed`);
  throw new Error(
    `the cluster should be ${end}, there are ${files.join(', ')}; ${failed ? textOf(failed.body) : 'no reason was told'}`,
  );
}

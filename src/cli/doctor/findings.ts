import type { Terminal } from '../command.ts';
import { openStores, type Stores } from '../open-stores.ts';
import type { ReadOptions } from '../options.ts';
import { whichUser } from '../which-user.ts';
import { answersFinding } from './answers.ts';
import { type Finding, failure } from './finding.ts';
import { keyFinding, sshFinding } from './log-in.ts';
import { rightsFindings } from './rights.ts';

export interface Findings {
  readonly user?: string;
  readonly store?: string;
  readonly checks: readonly Finding[];
}

/** Everything that a user needs, as it is. What depends on something that is missing is not looked at. */
export async function findings(options: ReadOptions, terminal: Terminal): Promise<Findings> {
  const machine = [sshFinding(terminal)];
  let stores: Stores;
  try {
    stores = await openStores(options, terminal);
  } catch (error) {
    return { checks: [failure('store', '', error), ...machine] };
  }
  const store = stores.name;
  const checks: Finding[] = [{ check: 'store', outcome: 'ok', says: `the installation is ${store}` }];
  let user: string;
  try {
    user = await whichUser(stores, options, terminal);
  } catch (error) {
    return { store, checks: [...checks, failure('user', '', error), ...machine] };
  }
  checks.push(await userFinding(stores, user));
  const rights = await rightsFindings(stores, user, terminal);
  checks.push(...rights);
  // Whoever may not read need not be told a second time.
  if (!rights.some(({ check, outcome }) => outcome === 'fail' && (check === 'list' || check === 'read')))
    checks.push(
      await answersFinding(stores, user).catch((error) =>
        failure('answers', 'answers cannot be seen: ', error),
      ),
      await keyFinding(stores, user).catch((error) => failure('key', 'keys cannot be seen: ', error)),
    );
  return { user, store, checks: [...checks, ...machine] };
}

async function userFinding({ aws, admin }: Stores, user: string): Promise<Finding> {
  const as = aws
    ? await aws.caller().then(
        ({ arn }) => `, called as ${arn}`,
        () => '',
      )
    : '';
  const rank = aws && admin ? ', an administrator' : '';
  return { check: 'user', outcome: 'ok', says: `you are ${user}${as}${rank}` };
}

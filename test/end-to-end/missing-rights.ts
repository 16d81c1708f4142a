import { ADMIN_BUCKET as SIMULATED_ADMIN, USERS_BUCKETS as SIMULATED_USERS } from '../infra/deployed.ts';
import { type Context, type Role, simulate } from '../policies/simulate.ts';
import type { Person } from './account.ts';
import { iamRequests } from './iam-requests.ts';
import { ADMIN_BUCKET, ROLES, USERS_BUCKET } from './installed.ts';
import type { RecordedCall } from './recorded-call.ts';

/**
 * Asks the policy simulator about every call that was recorded, for the role that made it: the emulator itself lets everybody do
 * everything. @returns the rights that the templates' policies do not give
 */
export async function missingRights(
  calls: readonly RecordedCall[],
  users: readonly Person[],
): Promise<readonly string[]> {
  const roles = new Map<string, { role: Role; context: Context }>([
    [ROLES.reconcile, { role: 'reconcile', context: {} }],
    [ROLES.sweep, { role: 'sweep', context: {} }],
    ...users.map(
      ({ name, environment }) =>
        [
          environment['AWS_ACCESS_KEY_ID'] ?? '',
          { role: 'user', context: { 'aws:username': name } },
        ] as const,
    ),
  ]);
  const asked = new Set<string>();
  const missing: string[] = [];
  for (const call of calls) {
    const who = roles.get(call.caller);
    if (!who || isFreeForAll(call)) continue;
    for (const { action, resource, context } of iamRequests(call)) {
      const request = renamed(JSON.stringify([who.role, action, resource, { ...context, ...who.context }]));
      if (asked.has(request)) continue;
      asked.add(request);
      const [role, ...question] = JSON.parse(request) as [Role, string, string, Context];
      if ((await simulate(role, ...question)) !== 'allowed') missing.push(request);
    }
  }
  return missing;
}

/** Needs no right. */
function isFreeForAll({ service, operation }: RecordedCall): boolean {
  return service === 'sts' && operation === 'GetCallerIdentity';
}

/** The simulator has an installation of its own, with other names of buckets. */
function renamed(text: string): string {
  return text.replaceAll(USERS_BUCKET, SIMULATED_USERS[0]).replaceAll(ADMIN_BUCKET, SIMULATED_ADMIN);
}

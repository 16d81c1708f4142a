import { ADMIN_BUCKET as SIMULATED_ADMIN, USERS_BUCKETS as SIMULATED_USERS } from '../infra/deployed.ts';
import { type Context, type Role, simulate } from '../policies/simulate.ts';
import { iamRequests } from './iam-requests.ts';
import type { RecordedCall } from './recorded-call.ts';

interface Principal {
  readonly role: Role;
  readonly context: Context;
}

/**
 * Stands where IAM stands on AWS: each call of somebody whom it knows is judged by the policies that were deployed, in the policy
 * simulator. The emulator itself would let everybody do everything.
 */
export class Gate {
  readonly #principals = new Map<string, Principal>();
  readonly #verdicts = new Map<string, Promise<boolean>>();
  readonly #names: Readonly<Record<string, string>>;
  /** Who was refused what, each once. */
  readonly refused = new Set<string>();

  /** The simulator has an installation of its own, with other names of buckets. */
  constructor(usersBucket: string, adminBucket: string) {
    this.#names = { [usersBucket]: SIMULATED_USERS[0], [adminBucket]: SIMULATED_ADMIN };
  }

  knows(accessKey: string, role: Role, context: Context = {}): void {
    this.#principals.set(accessKey, { role, context });
  }

  async isAllowed(call: RecordedCall): Promise<boolean> {
    const who = this.#principals.get(call.caller);
    if (!who || isFreeForAll(call)) return true;
    let allowed = true;
    for (const { action, resource, context } of iamRequests(call)) {
      const question = this.#renamed(
        JSON.stringify([who.role, action, resource, { ...context, ...who.context }]),
      );
      let verdict = this.#verdicts.get(question);
      if (!verdict) this.#verdicts.set(question, (verdict = judged(question)));
      if (await verdict) continue;
      allowed = false;
      this.refused.add(`${who.role} ${action} ${resource}`);
    }
    return allowed;
  }

  #renamed(text: string): string {
    return Object.entries(this.#names).reduce((all, [name, other]) => all.replaceAll(name, other), text);
  }
}

async function judged(question: string): Promise<boolean> {
  const [role, ...rest] = JSON.parse(question) as [Role, string, string, Context];
  return (await simulate(role, ...rest)) === 'allowed';
}

/** Needs no right. */
function isFreeForAll({ service, operation }: RecordedCall): boolean {
  return service === 'sts' && operation === 'GetCallerIdentity';
}

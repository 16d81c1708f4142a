import { type CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import type { Blueprint } from '../core/blueprint.ts';
import { MINUTE } from '../core/instant.ts';
import { stackStateOf } from '../core/stack-status.ts';
import { readTags } from '../core/stack-tags.ts';
import type { BlueprintRef, StackReport } from '../engine/ports.ts';
import { calmPages } from './cloudformation-errors.ts';

/** Public IPv4 addresses of those of these instances that have one, by instance id. */
export type InstanceAddresses = (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;

export interface LoginAddressesOptions {
  readonly client: CloudFormationClient;
  readonly installationId: string;
  readonly blueprintOf: (ref: BlueprintRef) => Promise<Blueprint>;
  readonly instanceAddresses: InstanceAddresses;
  /** Milliseconds from whenever; only for how long an address is remembered. */
  readonly now: () => number;
}

/** An instance that is stopped and started again has another address: that is seen so much later at most. */
const REMEMBERED = 5 * MINUTE;

/**
 * Login addresses of stacks whose template gives none: that of the stack's EC2 instance. Of several, one whose logical id says login
 * or master goes first, then the order of logical ids decides; one without a public address is passed over.
 */
export class LoginAddresses {
  readonly #options: LoginAddressesOptions;
  readonly #known = new Map<
    string,
    { readonly update: number; readonly at: number; readonly address: string }
  >();

  constructor(options: LoginAddressesOptions) {
    this.#options = options;
  }

  /**
   * The report with the address among its outputs, under the name where the engine looks for it.
   * `update`: when the stack was last updated, for an update may have replaced the instance.
   */
  async added(report: StackReport, update: number): Promise<StackReport> {
    const tags = readTags(report.tags);
    // The blueprint of a stack that is not ours would be looked for in the wrong bucket.
    if (stackStateOf(report.status) !== 'running' || tags?.installation !== this.#options.installationId)
      return report;
    const { addressOutput: output = 'LoginAddress' } = await this.#options.blueprintOf(tags.blueprint);
    if (report.outputs[output] !== undefined) return report;
    const address = this.#remembered(report.id, update) ?? (await this.#found(report.id, update));
    return address === undefined ? report : { ...report, outputs: { ...report.outputs, [output]: address } };
  }

  #remembered(stack: string, update: number): string | undefined {
    const known = this.#known.get(stack);
    return known?.update === update && this.#options.now() - known.at < REMEMBERED
      ? known.address
      : undefined;
  }

  async #found(stack: string, update: number): Promise<string | undefined> {
    const ids = await this.#instancesOf(stack);
    const addresses = ids.length > 0 ? await this.#options.instanceAddresses(ids) : new Map<string, string>();
    const address = ids.map((id) => addresses.get(id)).find((one) => one !== undefined);
    if (address === undefined) this.#known.delete(stack);
    else this.#known.set(stack, { update, at: this.#options.now(), address });
    return address;
  }

  async #instancesOf(stack: string): Promise<readonly string[]> {
    const instances: { readonly logicalId: string; readonly id: string }[] = [];
    const pages = paginateListStackResources({ client: this.#options.client }, { StackName: stack });
    for await (const page of calmPages(pages))
      for (const { ResourceType, LogicalResourceId, PhysicalResourceId } of page.StackResourceSummaries ?? [])
        if (ResourceType === 'AWS::EC2::Instance' && LogicalResourceId && PhysicalResourceId)
          instances.push({ logicalId: LogicalResourceId, id: PhysicalResourceId });
    return instances.toSorted((a, b) => compare(rank(a.logicalId), rank(b.logicalId))).map(({ id }) => id);
  }
}

function rank(logicalId: string): string {
  return `${/login|master/i.test(logicalId) ? 0 : 1}${logicalId}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

import {
  type Capability,
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  paginateDescribeStackEvents,
  type Stack,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import type { Blueprint } from '../core/blueprint.ts';
import { ProblemError } from '../core/problems.ts';
import { blueprintAt } from '../engine/blueprints.ts';
import type {
  BlueprintRef,
  CreateOutcome,
  ObjectStore,
  RemoveOutcome,
  StackEvent,
  StackOrder,
  StackReport,
  Stacks,
  UpdateOutcome,
} from '../engine/ports.ts';
import { type AwsAccess, clientConfig } from './access.ts';
import type { AwsInstallation } from './aws-installation.ts';
import {
  calmly,
  calmPages,
  isNameTaken,
  isTokenKnown,
  isUnchanged,
  isUnknownStack,
  refusalOf,
  stateRefusal,
} from './cloudformation-errors.ts';
import { type InstanceAddresses, LoginAddresses } from './cloudformation-login-address.ts';
import { eventOf, reportOf } from './cloudformation-report.ts';
import { stackPolicyOf } from './cloudformation-stack-policy.ts';
import { type TemplateSource, templateSourceOf } from './cloudformation-template.ts';
import { ownStacks } from './own-stacks.ts';

export interface CloudFormationStacksOptions {
  /** For the region of the clusters. */
  readonly client: CloudFormationClient;
  /** What the tag `clusterdrop:installation` of our stacks says. */
  readonly installationId: string;
  /** ARN of the role with which CloudFormation works. */
  readonly executionRole: string;
  /** @throws ProblemError `no-template` */
  readonly templateOf: (ref: BlueprintRef) => Promise<TemplateSource>;
  readonly blueprintOf: (ref: BlueprintRef) => Promise<Blueprint>;
  readonly instanceAddresses: InstanceAddresses;
  /** Default: the time that this process has run. */
  readonly now?: () => number;
}

const BEEN_AND_GONE = 'this very request has been carried out before, and its stack has gone';

/**
 * CloudFormation in one region of an account. Every call that changes something carries the execution role, so that a policy can
 * insist on it and a stack outlives the role that it was made with.
 *
 * AWS tells neither for how long it remembers a client token nor whether a repeat is answered or refused. So a repeat is recognised
 * by the stack's own events, which carry the tokens, and CloudFormation's answer is a second line of defence.
 */
export class CloudFormationStacks implements Stacks {
  readonly #options: CloudFormationStacksOptions;
  readonly #client: CloudFormationClient;
  readonly #addresses: LoginAddresses;

  constructor(options: CloudFormationStacksOptions) {
    this.#options = options;
    this.#client = options.client;
    this.#addresses = new LoginAddresses({ now: () => performance.now(), ...options });
  }

  async describe(ref: { readonly name: string; readonly id?: string }): Promise<StackReport | undefined> {
    const stack = await this.#stack(ref.id ?? ref.name);
    return stack && this.#addresses.added(reportOf(stack), stack.LastUpdatedTime?.getTime() ?? 0);
  }

  async create(order: StackOrder): Promise<CreateOutcome> {
    try {
      const { StackId: id = '' } = await this.#sendCreate(order);
      return { kind: 'begun', id };
    } catch (error) {
      if (isNameTaken(error)) return (await this.#madeBy(order)) ?? { kind: 'exists' };
      if (isTokenKnown(error))
        return (await this.#madeBy(order)) ?? { kind: 'refused', reason: BEEN_AND_GONE };
      const reason = templateLack(error) ?? refusalOf(error);
      if (reason === undefined) throw error;
      return { kind: 'refused', reason };
    }
  }

  async update(id: string, order: Omit<StackOrder, 'name' | 'blueprint'>): Promise<UpdateOutcome> {
    const command = new UpdateStackCommand({
      StackName: id,
      UsePreviousTemplate: true,
      RoleARN: this.#options.executionRole,
      ...wishesOf(order),
    });
    try {
      if (await this.#knows(id, order.token)) return { kind: 'begun' };
      await calmly(() => this.#client.send(command));
      return { kind: 'begun' };
    } catch (error) {
      if (isTokenKnown(error)) return { kind: 'begun' };
      if (isUnchanged(error)) return { kind: 'unchanged' };
      const reason = refusalOf(error);
      if (reason === undefined) throw error;
      // Not `refused` where it has gone: it was deleted a moment ago, and another look will see that.
      const passes = stateRefusal(error) !== undefined || isUnknownStack(error, id);
      return { kind: passes ? 'busy' : 'refused', reason };
    }
  }

  async remove(id: string, token: string): Promise<RemoveOutcome> {
    const stack = await this.#stack(id);
    if (!stack || stack.StackStatus === 'DELETE_COMPLETE') return { kind: 'absent' };
    if (stack.StackStatus === 'DELETE_IN_PROGRESS') return { kind: 'begun' };
    const command = new DeleteStackCommand({
      StackName: id,
      ClientRequestToken: token,
      RoleARN: this.#options.executionRole,
    });
    try {
      await calmly(() => this.#client.send(command));
      return { kind: 'begun' };
    } catch (error) {
      if (isTokenKnown(error)) return { kind: 'begun' };
      if (isUnknownStack(error, id)) return { kind: 'absent' };
      const busy = stateRefusal(error);
      if (busy !== undefined) return { kind: 'busy', reason: busy };
      const reason = refusalOf(error);
      if (reason === undefined) throw error;
      return { kind: 'refused', reason };
    }
  }

  /** Page by page, no further than the caller goes. Throws when no stack ever had this id. */
  async *events(id: string): AsyncGenerator<StackEvent> {
    for await (const page of calmPages(
      paginateDescribeStackEvents({ client: this.#client }, { StackName: id }),
    ))
      yield* (page.StackEvents ?? []).map(eventOf);
  }

  list(): AsyncGenerator<readonly StackReport[]> {
    return ownStacks(this.#client, this.#options.installationId);
  }

  async #sendCreate(order: StackOrder) {
    const { templateOf, blueprintOf, executionRole } = this.#options;
    const template = await templateOf(order.blueprint);
    const policy = stackPolicyOf(await blueprintOf(order.blueprint));
    const command = new CreateStackCommand({
      StackName: order.name,
      ...('body' in template ? { TemplateBody: template.body } : { TemplateURL: template.url }),
      ...(policy !== undefined && { StackPolicyBody: policy }),
      RoleARN: executionRole,
      ...wishesOf(order),
    });
    return calmly(() => this.#client.send(command));
  }

  async #stack(ref: string): Promise<Stack | undefined> {
    try {
      const command = new DescribeStacksCommand({ StackName: ref });
      const { Stacks: [stack] = [] } = await calmly(() => this.#client.send(command));
      return stack;
    } catch (error) {
      if (isUnknownStack(error, ref)) return undefined;
      throw error;
    }
  }

  /** What a clash comes to: a repeat of the stack's own creation, another's stack, or (`undefined`) one that has gone meanwhile. */
  async #madeBy({ name, token }: StackOrder): Promise<CreateOutcome | undefined> {
    const id = (await this.#stack(name))?.StackId;
    if (id === undefined) return undefined;
    return (await this.#knows(id, token)) ? { kind: 'begun', id } : { kind: 'exists' };
  }

  async #knows(id: string, token: string): Promise<boolean> {
    for await (const event of this.events(id)) if (event.token === token) return true;
    return false;
  }
}

/** A blueprint without a template is answered like every other order that cannot be carried out, not tried again and again. */
function templateLack(error: unknown): string | undefined {
  return error instanceof ProblemError
    ? error.problems.find(({ code }) => code === 'no-template')?.message
    : undefined;
}

function wishesOf({ token, tags, parameters, capabilities }: Omit<StackOrder, 'name' | 'blueprint'>) {
  return {
    ClientRequestToken: token,
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
      ParameterKey,
      ParameterValue,
    })),
    // The blueprint's words, also those that this SDK does not know yet.
    Capabilities: [...capabilities] as Capability[],
  };
}

/** `admin` holds the blueprints. */
export function openCloudFormationStacks(
  access: AwsAccess,
  { id, aws }: AwsInstallation,
  admin: ObjectStore,
): CloudFormationStacks {
  return new CloudFormationStacks({
    client: new CloudFormationClient(clientConfig(access, aws.clustersRegion)),
    installationId: id,
    executionRole: aws.executionRole,
    templateOf: (ref) => templateSourceOf({ admin }, aws.region, ref),
    blueprintOf: (ref) => blueprintAt({ admin }, ref),
    instanceAddresses: lazyInstanceAddresses(access, aws.clustersRegion),
  });
}

/** The blueprint that we ship names its output: most processes never need EC2's client. */
function lazyInstanceAddresses(access: AwsAccess, region: string): InstanceAddresses {
  let opened: Promise<InstanceAddresses> | undefined;
  return async (ids) => {
    opened ??= import('./instance-address.ts').then((module) => module.openInstanceAddresses(access, region));
    return (await opened)(ids);
  };
}

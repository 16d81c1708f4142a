import { randomUUID } from 'node:crypto';
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  type Stack,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { type AwsAccess, clientConfig } from '../access.ts';
import { isUnchanged, isUnknownStack } from '../cloudformation-errors.ts';
import { type ControlPart, type ControlStack, controlStackName, type Template } from './control-stack.ts';

/** What a control stack is made or changed with. */
export interface ControlOrder {
  readonly part: ControlPart;
  readonly region: string;
  /** Text of the template, or where in S3 it lies. */
  readonly template: { readonly TemplateBody: string } | { readonly TemplateURL: string };
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** One change that CloudFormation has taken on. */
export interface Operation {
  readonly verb: 'create' | 'update' | 'delete';
  readonly client: CloudFormationClient;
  readonly stack: string;
  readonly region: string;
  readonly id: string;
  readonly token: string;
}

/** CloudFormation, for the stacks of one installation, with the rights of whoever calls. */
export class ControlStacks {
  readonly #access: AwsAccess;
  readonly #name: string;
  readonly #clients = new Map<string, CloudFormationClient>();

  constructor(access: AwsAccess, name: string) {
    this.#access = access;
    this.#name = name;
  }

  in(region: string): CloudFormationClient {
    const client = this.#clients.get(region) ?? new CloudFormationClient(clientConfig(this.#access, region));
    this.#clients.set(region, client);
    return client;
  }

  async describe(part: ControlPart, region: string): Promise<ControlStack | undefined> {
    const name = controlStackName(this.#name, part);
    const stack = await describeStack(this.in(region), name);
    return stack && { ...stackOf(stack, part, region), template: await this.#template(region, stack) };
  }

  async create(order: ControlOrder): Promise<Operation> {
    const token = newToken();
    const { StackId = '' } = await this.in(order.region).send(
      new CreateStackCommand({ ...this.#call(order), ClientRequestToken: token }),
    );
    return this.#operation('create', order, StackId, token);
  }

  /** `undefined`: CloudFormation finds nothing to do. */
  async update(order: ControlOrder): Promise<Operation | undefined> {
    const token = newToken();
    try {
      const { StackId = '' } = await this.in(order.region).send(
        new UpdateStackCommand({ ...this.#call(order), ClientRequestToken: token }),
      );
      return this.#operation('update', order, StackId, token);
    } catch (error) {
      if (isUnchanged(error)) return undefined;
      throw error;
    }
  }

  async remove({ part, region, id }: Pick<ControlStack, 'part' | 'region' | 'id'>): Promise<Operation> {
    const token = newToken();
    await this.in(region).send(new DeleteStackCommand({ StackName: id, ClientRequestToken: token }));
    return this.#operation('delete', { part, region }, id, token);
  }

  #operation(
    verb: Operation['verb'],
    { part, region }: Pick<ControlOrder, 'part' | 'region'>,
    id: string,
    token: string,
  ): Operation {
    const stack = controlStackName(this.#name, part);
    return { verb, client: this.in(region), stack, region, id, token };
  }

  #call({ part, template, parameters, tags }: ControlOrder) {
    return {
      StackName: controlStackName(this.#name, part),
      ...template,
      Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
        ParameterKey,
        ParameterValue,
      })),
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      // Roles and policies have names, for policies must name them.
      Capabilities: ['CAPABILITY_NAMED_IAM' as const],
    };
  }

  async #template(region: string, { StackId }: Stack): Promise<Template> {
    const { TemplateBody = '' } = await this.in(region).send(
      new GetTemplateCommand({ StackName: StackId, TemplateStage: 'Original' }),
    );
    try {
      return Object(JSON.parse(TemplateBody)) as Template;
    } catch {
      // Somebody put another one there by hand: all of it differs.
      return {};
    }
  }
}

/** By name, or by id for one that may be gone already. */
export async function describeStack(client: CloudFormationClient, name: string): Promise<Stack | undefined> {
  try {
    const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
    return stack;
  } catch (error) {
    if (isUnknownStack(error, name)) return undefined;
    throw error;
  }
}

function stackOf(stack: Stack, part: ControlPart, region: string): Omit<ControlStack, 'template'> {
  return {
    part,
    region,
    name: stack.StackName ?? '',
    id: stack.StackId ?? '',
    status: stack.StackStatus ?? '',
    parameters: Object.fromEntries(
      (stack.Parameters ?? []).map(({ ParameterKey = '', ParameterValue = '' }) => [
        ParameterKey,
        ParameterValue,
      ]),
    ),
    outputs: Object.fromEntries(
      (stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
    ),
  };
}

/** Marks the events of one change. */
function newToken(): string {
  return `clusterdrop-${randomUUID()}`;
}

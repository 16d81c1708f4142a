import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  type BlueprintRef,
  type StackEvent,
  type StackOrder,
  type StackReport,
  Throttled,
} from '../../src/engine/ports.ts';
import { STACK } from '../../src/local/planned-event.ts';
import type { SimulatedStacks } from '../../src/local/simulated-stacks.ts';

export interface CloudFormationServerOptions {
  readonly stacks: SimulatedStacks;
  /** Items on a page. Default 10. */
  readonly page?: number;
  /**
   * What becomes of a client token that was used before, which AWS leaves open. `answered` (default): the call is answered again and
   * nothing is done; `refused`: TokenAlreadyExistsException; `forgotten`: the call is taken for a new one.
   */
  readonly tokens?: 'answered' | 'refused' | 'forgotten';
  /** An error in place of the answer to some action. */
  readonly fault?: (action: string) => { readonly code: string; readonly message: string } | undefined;
  /** Of a stack whose tags do not say it. */
  readonly blueprint?: BlueprintRef;
  /** Physical id of the EC2 instances of all stacks. */
  readonly instance?: string;
}

export interface CloudFormationServer {
  readonly endpoint: string;
  /** The stack policy that a stack was created with. */
  policyOf(id: string): string | undefined;
  stop(): Promise<void>;
}

type Form = URLSearchParams;
type Xml = string | number | undefined | readonly Xml[] | { readonly [name: string]: Xml };

class Fault extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * CloudFormation's Query protocol over the simulated CloudFormation: forms in, XML out, errors in AWS's codes and words. With it the
 * real SDK meets what other emulators do not show: work in progress, roll-back, events, client tokens, throttling, pages.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Operations.html
 */
export async function startCloudFormationServer(
  options: CloudFormationServerOptions,
): Promise<CloudFormationServer> {
  const { stacks, page = 10, tokens = 'answered', blueprint = { name: 'none', hash: 'none' } } = options;
  const policies = new Map<string, string>();
  let calls = 0;

  /** With tokens forgotten the simulation hears another one at each call; events show the caller's own. */
  const sent = (token: string) => (tokens === 'forgotten' ? `${token}--${++calls}` : token);
  const shown = (token: string) => (tokens === 'forgotten' ? token.replace(/--\d+$/, '') : token);

  async function describe(ref: string): Promise<StackReport> {
    const report = await stacks.describe(ref.startsWith('arn:') ? { name: '', id: ref } : { name: ref });
    if (!report) throw new Fault('ValidationError', `Stack with id ${ref} does not exist`);
    return report;
  }
  async function refuseKnown(ref: string, token: string): Promise<void> {
    const report = tokens === 'refused' && (await describe(ref).catch(() => undefined));
    if (report && (await all(stacks.events(report.id))).some((event) => event.token === token))
      throw new Fault('TokenAlreadyExistsException', `Token [${token}] already exists`);
  }
  function orderOf(form: Form): StackOrder {
    const tags = pairs(form, 'Tags', 'Key', 'Value');
    const [name, hash] = tags['clusterdrop:blueprint']?.split('@') ?? [];
    return {
      name: field(form, 'StackName'),
      blueprint: name !== undefined && hash !== undefined ? { name, hash } : blueprint,
      parameters: pairs(form, 'Parameters', 'ParameterKey', 'ParameterValue'),
      tags,
      capabilities: members(form, 'Capabilities'),
      token: sent(field(form, 'ClientRequestToken')),
    };
  }
  function paged(form: Form, items: readonly Xml[], name: string): Xml {
    const from = Number(form.get('NextToken') ?? 0);
    const next = from + page < items.length ? String(from + page) : undefined;
    return { [name]: items.slice(from, from + page), NextToken: next };
  }

  const actions: Readonly<Record<string, (form: Form) => Promise<Xml>>> = {
    async CreateStack(form) {
      const order = orderOf(form);
      if (!form.has('TemplateBody') && !form.has('TemplateURL'))
        throw new Fault('ValidationError', 'Either Template URL or Template Body must be specified.');
      await refuseKnown(order.name, order.token);
      const outcome = await stacks.create(order);
      if (outcome.kind === 'exists')
        throw new Fault('AlreadyExistsException', `Stack [${order.name}] already exists`);
      if (outcome.kind === 'refused') throw refusal(outcome.reason);
      policies.set(outcome.id, form.get('StackPolicyBody') ?? '');
      return { StackId: outcome.id };
    },
    async UpdateStack(form) {
      const id = field(form, 'StackName');
      if (form.get('UsePreviousTemplate') !== 'true')
        throw new Fault('ValidationError', 'the simulation keeps the template of a stack');
      const order = orderOf(form);
      await refuseKnown(id, order.token);
      const outcome = await stacks.update(id, order);
      if (outcome.kind === 'begun') return { StackId: id };
      throw outcome.kind === 'unchanged'
        ? new Fault('ValidationError', 'No updates are to be performed.')
        : refusal(outcome.reason);
    },
    async DeleteStack(form) {
      const ref = field(form, 'StackName');
      const id = ref.startsWith('arn:') ? ref : ((await stacks.describe({ name: ref }))?.id ?? ref);
      const token = field(form, 'ClientRequestToken');
      await refuseKnown(id, token);
      const outcome = await stacks.remove(id, sent(token));
      // A stack that is not there is no error.
      if (outcome.kind === 'busy') throw refusal(outcome.reason);
      return {};
    },
    async DescribeStacks(form) {
      const ref = form.get('StackName');
      const reports = ref === null ? (await all(stacks.list())).flat() : [await describe(ref)];
      return paged(form, reports.map(stackXml), 'Stacks');
    },
    async ListStacks(form) {
      const wanted = members(form, 'StackStatusFilter');
      const found = (await all(stacks.list())).flat().filter(({ status }) => wanted.includes(status));
      // Newest first, as AWS does, which does not promise it.
      const summaries = found.toSorted((a, b) => b.created - a.created).map(summaryXml);
      return paged(form, summaries, 'StackSummaries');
    },
    async ListStackResources(form) {
      const { id } = await describe(field(form, 'StackName'));
      const resources = new Map<string, Xml>();
      // Newest first: of each resource its present state.
      for await (const event of stacks.events(id))
        if (event.type !== STACK && !resources.has(event.logicalId))
          resources.set(event.logicalId, resourceXml(event, options.instance));
      return paged(form, [...resources.values()], 'StackResourceSummaries');
    },
    async DescribeStackEvents(form) {
      const id = field(form, 'StackName');
      const events = await all(stacks.events(id));
      const own = events.map((event) => eventXml(id, event, event.token && shown(event.token)));
      return paged(form, own, 'StackEvents');
    },
  };

  async function answer(
    request: IncomingMessage,
  ): Promise<{ readonly status: number; readonly body: string }> {
    const form = new URLSearchParams(await text(request));
    const action = form.get('Action') ?? '';
    try {
      const known = actions[action];
      if (!known) throw new Fault('InvalidAction', `Could not find operation ${action}`);
      const fault = options.fault?.(action);
      if (fault) throw new Fault(fault.code, fault.message);
      return {
        status: 200,
        body: xml({ [`${action}Response`]: { [`${action}Result`]: await known(form) } }),
      };
    } catch (error) {
      const { code, message } = faultOf(error);
      return {
        status: { InternalFailure: 500, ServiceUnavailable: 503 }[code] ?? 400,
        body: xml({ ErrorResponse: { Error: { Type: 'Sender', Code: code, Message: message } } }),
      };
    }
  }

  const server = createServer((request, response) => {
    void answer(request).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'text/xml' }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    policyOf: (id) => policies.get(id),
    stop: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function faultOf(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof Fault) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof Throttled) return { code: 'Throttling', message };
  return { code: message.endsWith('does not exist') ? 'ValidationError' : 'InternalFailure', message };
}

function refusal(reason: string): Fault {
  const code = reason.startsWith('Requires cap') ? 'InsufficientCapabilitiesException' : 'ValidationError';
  return new Fault(code, reason);
}

function stackXml(report: StackReport): Xml {
  const list = (record: Readonly<Record<string, string>>, key: string, value: string) =>
    Object.entries(record).map(([name, held]) => ({ [key]: name, [value]: held }));
  return {
    StackId: report.id,
    StackName: report.name,
    StackStatus: report.status,
    // The simulation has no stacks inside others: this tag makes one look like that.
    ParentId: report.tags['nested-in'],
    StackStatusReason: report.statusReason,
    CreationTime: new Date(report.created).toISOString(),
    Tags: list(report.tags, 'Key', 'Value'),
    Parameters: list(report.parameters, 'ParameterKey', 'ParameterValue'),
    Outputs: list(report.outputs, 'OutputKey', 'OutputValue'),
  };
}

function summaryXml({ id, name, status, created }: StackReport): Xml {
  return {
    StackId: id,
    StackName: name,
    CreationTime: new Date(created).toISOString(),
    StackStatus: status,
    DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
  };
}

function resourceXml({ logicalId, type, status, at }: StackEvent, instance: string | undefined): Xml {
  return {
    LogicalResourceId: logicalId,
    PhysicalResourceId: type === 'AWS::EC2::Instance' ? instance : logicalId,
    ResourceType: type,
    LastUpdatedTimestamp: new Date(at).toISOString(),
    ResourceStatus: status,
    DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' },
  };
}

function eventXml(stack: string, event: StackEvent, token: string | undefined): Xml {
  return {
    StackId: stack,
    EventId: event.id,
    LogicalResourceId: event.logicalId,
    ResourceType: event.type,
    Timestamp: new Date(event.at).toISOString(),
    ResourceStatus: event.status,
    ResourceStatusReason: event.reason,
    ClientRequestToken: token,
  };
}

function xml(value: Xml): string {
  if (value === undefined) return '';
  if (typeof value !== 'object') return String(value).replace(/[&<>]/g, (char) => `&#${char.charCodeAt(0)};`);
  if (Array.isArray(value)) return value.map((item: Xml) => `<member>${xml(item)}</member>`).join('');
  return Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .map(([name, inner]) => `<${name}>${xml(inner)}</${name}>`)
    .join('');
}

function field(form: Form, name: string): string {
  const value = form.get(name);
  if (value === null) throw new Fault('ValidationError', `${name} must not be null`);
  return value;
}

function members(form: Form, name: string): string[] {
  return [...form].filter(([key]) => key.startsWith(`${name}.member.`)).map(([, value]) => value);
}

function pairs(form: Form, name: string, key: string, value: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (let n = 1; form.has(`${name}.member.${n}.${key}`); n++)
    found[field(form, `${name}.member.${n}.${key}`)] = field(form, `${name}.member.${n}.${value}`);
  return found;
}

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

import type { Resource, Template } from './templates.ts';

/** What a template does not know itself. */
export interface World {
  readonly account: string;
  readonly region: string;
  readonly zones: readonly string[];
  readonly parameters: Readonly<Record<string, string>>;
}

export interface Resolved {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, string>>;
}

const NOTHING = Symbol('AWS::NoValue');

/** Does what CloudFormation does before it makes anything: parameters, conditions and functions give way to values. */
export function resolved(template: Template, world: World): Resolved {
  const value = (node: unknown) => resolve(node, { template, world });
  const present = <T extends { readonly Condition?: string }>(all: Readonly<Record<string, T>> = {}) =>
    Object.entries(all).filter(
      ([, one]) => one.Condition === undefined || holds(one.Condition, { template, world }),
    );
  return {
    Resources: Object.fromEntries(
      present(template.Resources).map(([id, one]) => [id, value(one) as Resource]),
    ),
    Outputs: Object.fromEntries(
      present(template.Outputs).map(([id, one]) => [id, value(one.Value) as string]),
    ),
  };
}

interface Scope {
  readonly template: Template;
  readonly world: World;
}

function resolve(node: unknown, scope: Scope): unknown {
  if (Array.isArray(node)) return node.map((one) => resolve(one, scope)).filter((one) => one !== NOTHING);
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node);
  const [name, argument] = entries[0] ?? ['', undefined];
  if (entries.length === 1 && (name === 'Ref' || name.startsWith('Fn::'))) return call(name, argument, scope);
  return Object.fromEntries(
    entries.map(([key, one]) => [key, resolve(one, scope)] as const).filter(([, one]) => one !== NOTHING),
  );
}

function call(name: string, argument: unknown, scope: Scope): unknown {
  const all = () => resolve(argument, scope) as readonly unknown[];
  switch (name) {
    case 'Ref':
      return ref(argument as string, scope);
    case 'Fn::GetAtt':
      return attribute(argument as readonly [string, string], scope);
    case 'Fn::GetAZs':
      return scope.world.zones;
    case 'Fn::Sub':
      return substitute(argument, scope);
    case 'Fn::Join': {
      const [separator, parts] = all() as [string, readonly string[]];
      return parts.join(separator);
    }
    case 'Fn::Split': {
      const [separator, text] = all() as [string, string];
      return text.split(separator);
    }
    case 'Fn::Select': {
      const [index, list] = all() as [number, readonly string[]];
      if (!(index in list)) throw new Error(`nothing to select at ${index} of ${list.join()}`);
      return list[index];
    }
    case 'Fn::If': {
      const [condition, yes, no] = argument as [string, unknown, unknown];
      return resolve(holds(condition, scope) ? yes : no, scope);
    }
    case 'Fn::Equals':
      return String(all()[0]) === String(all()[1]);
    case 'Fn::Not':
      return !all()[0];
    case 'Fn::And':
      return all().every(Boolean);
    case 'Condition':
      return holds(argument as string, scope);
    default:
      throw new Error(`${name} is not known here`);
  }
}

function holds(condition: string, scope: Scope): boolean {
  const expression = scope.template.Conditions?.[condition];
  if (expression === undefined) throw new Error(`no condition ${condition}`);
  return conditionValue(expression, scope);
}

function conditionValue(expression: unknown, scope: Scope): boolean {
  const { Condition: named, 'Fn::And': all, 'Fn::Not': not } = expression as Record<string, unknown>;
  if (typeof named === 'string') return holds(named, scope);
  if (Array.isArray(all)) return all.every((one) => conditionValue(one, scope));
  if (Array.isArray(not)) return !conditionValue(not[0], scope);
  return resolve(expression, scope) as boolean;
}

function substitute(argument: unknown, scope: Scope): string {
  const [text, variables = {}] = (Array.isArray(argument) ? argument : [argument]) as [
    string,
    Readonly<Record<string, unknown>>?,
  ];
  return text.replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    if (Object.hasOwn(variables, name)) return String(resolve(variables[name], scope));
    const [id = '', property] = name.split('.');
    return String(property === undefined ? ref(id, scope) : attribute([id, property], scope));
  });
}

function ref(name: string, { template, world }: Scope): unknown {
  switch (name) {
    case 'AWS::NoValue':
      return NOTHING;
    case 'AWS::AccountId':
      return world.account;
    case 'AWS::Region':
      return world.region;
    case 'AWS::Partition':
      return 'aws';
  }
  const parameter = template.Parameters[name];
  if (parameter) {
    const given = world.parameters[name] ?? parameter['Default'];
    if (given === undefined) throw new Error(`parameter ${name} is not given`);
    return parameter['Type'] === 'CommaDelimitedList' ? (given as string).split(',') : given;
  }
  return physical(name, { template, world }).ref;
}

function attribute([id, property]: readonly [string, string], scope: Scope): string {
  const { arn, name } = physical(id, scope);
  if (property === 'Arn') return arn;
  if (property === 'QueueName') return name;
  throw new Error(`attribute ${property} of ${id} is not known here`);
}

interface Physical {
  readonly name: string;
  readonly arn: string;
  readonly ref: string;
}

/** Names and ARNs as AWS gives them: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html */
function physical(id: string, scope: Scope): Physical {
  const { Type = '', Properties = {} } = scope.template.Resources[id] ?? {};
  const own = (property: string) => String(resolve(Properties[property], scope));
  const at = (service: string, rest: string, region = scope.world.region) =>
    `arn:aws:${service}:${region}:${scope.world.account}:${rest}`;
  const by = (name: string, arn: string, shown: 'name' | 'arn' = 'name') => ({
    name,
    arn,
    ref: shown === 'name' ? name : arn,
  });
  switch (Type) {
    case 'AWS::S3::Bucket':
      return by(own('BucketName'), `arn:aws:s3:::${own('BucketName')}`);
    case 'AWS::IAM::ManagedPolicy': {
      const name = own('ManagedPolicyName');
      return by(name, at('iam', `policy${own('Path')}${name}`, ''), 'arn');
    }
    case 'AWS::IAM::Role':
      return by(own('RoleName'), at('iam', `role${own('Path')}${own('RoleName')}`, ''));
    case 'AWS::SQS::Queue': {
      const name = own('QueueName');
      const url = `https://sqs.${scope.world.region}.amazonaws.com/${scope.world.account}/${name}`;
      return { name, arn: at('sqs', name), ref: url };
    }
    case 'AWS::SNS::Topic':
      return by(own('TopicName'), at('sns', own('TopicName')), 'arn');
    case 'AWS::Lambda::Function':
      return by(own('FunctionName'), at('lambda', `function:${own('FunctionName')}`));
    case 'AWS::Logs::LogGroup':
      return by(own('LogGroupName'), at('logs', `log-group:${own('LogGroupName')}:*`));
    case 'AWS::Events::Rule':
      return by(own('Name'), at('events', `rule/${own('Name')}`));
    default:
      return by(id, id);
  }
}

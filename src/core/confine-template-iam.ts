import type { Blueprint, SystemValue } from './blueprint.ts';
import { TRUSTED_SERVICE } from './cluster-resource-types.ts';
import { refused } from './confine-template-refused.ts';
import { type Problem, problem } from './problems.ts';
import {
  branchesOf,
  functionOf,
  isMap,
  type Json,
  type JsonMap,
  mapAt,
  referredBy,
  resourcesOf,
  type Template,
  type TemplateResource,
  writtenText,
} from './template.ts';

interface SystemParameter {
  readonly system: SystemValue;
  readonly definition: JsonMap;
}

/** Parameters that are added, so that one stored template serves any installation. Without a default: nobody may forget them. */
export const SYSTEM_PARAMETERS: Readonly<
  Record<'ClusterdropRolePath' | 'ClusterdropBoundary', SystemParameter>
> = {
  ClusterdropRolePath: {
    system: 'role-path',
    definition: {
      Type: 'String',
      Description: 'IAM path of everything that clusters make. Set by Clusterdrop.',
    },
  },
  ClusterdropBoundary: {
    system: 'boundary',
    definition: {
      Type: 'String',
      Description: 'ARN of the permissions boundary of clusters. Set by Clusterdrop.',
    },
  },
};

type SystemParameterName = keyof typeof SYSTEM_PARAMETERS;
const NEEDS: Readonly<Record<string, readonly [property: string, parameter: SystemParameterName][]>> = {
  'AWS::IAM::Role': [
    ['Path', 'ClusterdropRolePath'],
    ['PermissionsBoundary', 'ClusterdropBoundary'],
  ],
  'AWS::IAM::InstanceProfile': [['Path', 'ClusterdropRolePath']],
};

export interface Rights {
  readonly template: Template;
  readonly changes: readonly string[];
  readonly problems: readonly Problem[];
}

/** Gives every role and profile the path of the installation, and every role its boundary. */
export function confinedRights(template: Template, mapped: Blueprint['parameters']): Rights {
  const changes: string[] = [];
  const problems: Problem[] = [];
  const added = new Set<SystemParameterName>();
  const resources = resourcesOf(template).map((resource): [string, Json] => {
    problems.push(...trustProblems(resource), ...policyProblems(resource));
    let { properties } = resource;
    for (const [property, parameter] of NEEDS[resource.type] ?? []) {
      const where = `Resources.${resource.logicalId}.Properties.${property}`;
      const found = branchesOf(properties[property] ?? { Ref: 'AWS::NoValue' });
      const carriers = carriersOf(SYSTEM_PARAMETERS[parameter].system, parameter, mapped);
      const carrier = found.length === 1 && found[0] !== undefined ? referredBy(found[0]) : undefined;
      if (carrier !== undefined && carriers.includes(carrier)) {
        if (carrier === parameter) added.add(parameter);
        continue;
      }
      // The path "/" is what a role has without one: nothing can rely on it.
      if (found.some((one) => !(property === 'Path' && one === '/'))) {
        problems.push(refused(where, `is set to ${JSON.stringify(properties[property])}`, TAKE_OUT));
        continue;
      }
      properties = { ...properties, [property]: { Ref: parameter } };
      added.add(parameter);
      changes.push(`${where} set to that of the installation`);
    }
    return [
      resource.logicalId,
      properties === resource.properties ? resource.body : { ...resource.body, Properties: properties },
    ];
  });
  const parameters = withParameters(template, added, changes, problems);
  return {
    template: { ...template, ...parameters, Resources: Object.fromEntries(resources) },
    changes,
    problems,
  };
}

const TAKE_OUT = 'Take it out: that of the installation is set in its place';

function carriersOf(system: SystemValue, own: string, mapped: Blueprint['parameters']): string[] {
  const names = Object.entries(mapped).filter(([, source]) => 'system' in source && source.system === system);
  return [own, ...names.map(([name]) => name)];
}

function withParameters(
  template: Template,
  added: ReadonlySet<SystemParameterName>,
  changes: string[],
  problems: Problem[],
): { Parameters?: JsonMap } {
  const before = mapAt(template, 'Parameters');
  const after: Record<string, Json> = { ...before };
  for (const name of added) {
    const { definition } = SYSTEM_PARAMETERS[name];
    const found = Object.hasOwn(before, name) ? before[name] : undefined;
    if (found === undefined) changes.push(`Parameters.${name} added`);
    else if (JSON.stringify(found) !== JSON.stringify(definition))
      problems.push(
        problem('bad-template', { where: `Parameters.${name}`, what: 'this name is kept for Clusterdrop' }),
      );
    after[name] = definition;
  }
  return added.size === 0 ? {} : { Parameters: after };
}

/** A role that others than machines may take on is a door into the account. */
function trustProblems({ logicalId, type, properties }: TemplateResource): Problem[] {
  if (type !== 'AWS::IAM::Role') return [];
  const where = `Resources.${logicalId}.Properties.AssumeRolePolicyDocument`;
  const { Statement: statements } = mapAt(properties, 'AssumeRolePolicyDocument');
  const all = statements === undefined ? [] : branchesOf(statements);
  const services = all.flatMap((statement): (string | undefined)[] => {
    if (!isMap(statement) || functionOf(statement)) return [undefined];
    if (statement['Effect'] === 'Deny') return [];
    const { Principal: principal } = statement;
    if (!isMap(principal ?? null) || Object.keys(principal ?? {}).join() !== 'Service') return [undefined];
    return branchesOf(mapAt(statement, 'Principal')['Service'] ?? '').map(writtenText);
  });
  if (services.length > 0 && services.every(isTrusted)) return [];
  return [
    refused(
      where,
      'others than machines could take on the role',
      `Let only ${TRUSTED_SERVICE}.amazonaws.com take it on: {"Service": "ec2.amazonaws.com"}`,
    ),
  ];
}

function isTrusted(service: string | undefined): boolean {
  const [, name = ''] =
    /^([a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|\$\{AWS::URLSuffix\})$/.exec(service ?? '') ?? [];
  return name === TRUSTED_SERVICE;
}

/** A policy of the account, attached to a cluster's role, could not be changed or deleted by its owner while the cluster lives. */
function policyProblems({ logicalId, type, properties }: TemplateResource): Problem[] {
  if (type !== 'AWS::IAM::Role') return [];
  return branchesOf(properties['ManagedPolicyArns'] ?? [])
    .filter(
      (one) => !/^arn:(?:aws[a-z-]*|\$\{AWS::Partition\}):iam::aws:policy\//.test(writtenText(one) ?? ''),
    )
    .map((one) =>
      refused(
        `Resources.${logicalId}.Properties.ManagedPolicyArns`,
        `${JSON.stringify(one)} is no policy of AWS itself`,
        'Write its rights as an inline policy of the role (Policies)',
      ),
    );
}

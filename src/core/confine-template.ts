import type { Blueprint } from './blueprint.ts';
import { isCustomResource } from './cluster-resource-types.ts';
import { confinedRights, SYSTEM_PARAMETERS } from './confine-template-iam.ts';
import { confinedLife } from './confine-template-life.ts';
import { referenceProblems } from './confine-template-references.ts';
import { refusals } from './confine-template-refusals.ts';
import { type Problem, problem } from './problems.ts';
import { isMap, mapAt, resourcesOf, type Template } from './template.ts';

export interface ConfineOptions {
  /** Of `blueprint.json`: which parameters of the template carry the path and the boundary of the installation. */
  readonly parameters: Blueprint['parameters'];
  /** An administrator trusts the functions behind them. */
  readonly allowCustomResources: boolean;
}

export type Confinement =
  | {
      readonly template: Template;
      /** What was changed, each with its place. */
      readonly changes: readonly string[];
      /** What stays and should be known. */
      readonly remarks: readonly string[];
    }
  | { readonly problems: readonly Problem[] };

/** CloudFormation's quota. */
const MOST_RESOURCES = 500;

/**
 * Makes of any template one whose stacks stay within what an installation lets clusters do: every role has the installation's path and
 * boundary, nothing outlives the stack, nothing that is not the stack's own is used or changed. What cannot be made so is refused, every
 * mistake at once. Doing it twice changes nothing. It is no sandbox: the execution role and the boundary are what holds when a template
 * has slipped through; this says beforehand, in words, what would fail there or stay behind.
 */
export function confineTemplate(template: Template, options: ConfineOptions): Confinement {
  const shape = templateProblems(template);
  if (shape.length > 0) return { problems: shape };
  const judged = (one: Template) => [...refusals(one, options), ...referenceProblems(one)];
  const rights = confinedRights(template, options.parameters);
  const life = confinedLife(rights.template);
  const problems = [...judged(template), ...rights.problems, ...life.problems];
  if (problems.length > 0) return { problems };
  // A change may have taken away what made a name, say, another one for each stack.
  const spoilt = judged(life.template);
  if (spoilt.length > 0) return { problems: spoilt };
  return {
    template: life.template,
    changes: [...rights.changes, ...life.changes],
    remarks: [...customResources(template), ...openDoors(template)],
  };
}

/** Names of the parameters that `confineTemplate` adds, and where their values come from. */
export function systemParameters(template: Template): Blueprint['parameters'] {
  const known = mapAt(template, 'Parameters');
  return Object.fromEntries(
    Object.entries(SYSTEM_PARAMETERS)
      .filter(([name]) => Object.hasOwn(known, name))
      .map(([name, { system }]) => [name, { system }]),
  );
}

/** What must be so before anything else can be said of a template. */
function templateProblems(template: Template): Problem[] {
  const bad = (where: string, what: string) => problem('bad-template', { where, what });
  const problems: Problem[] = [];
  for (const section of ['Parameters', 'Mappings', 'Conditions', 'Resources', 'Outputs'])
    if (Object.hasOwn(template, section) && !isMap(template[section]))
      problems.push(bad(section, 'must be an object with names and what they mean'));
  for (const section of ['Parameters', 'Outputs'])
    for (const [name, body] of Object.entries(mapAt(template, section)))
      if (!isMap(body)) problems.push(bad(`${section}.${name}`, 'must be an object'));
  const resources = Object.entries(mapAt(template, 'Resources'));
  if (resources.length === 0) problems.push(bad('Resources', 'there are none'));
  if (resources.length > MOST_RESOURCES)
    problems.push(
      bad('Resources', `${resources.length} of them, but CloudFormation takes ${MOST_RESOURCES}`),
    );
  for (const [name, body] of resources) {
    // A loop in the place of a resource is refused by its name.
    if (name.startsWith('Fn::')) continue;
    if (!/^[A-Za-z0-9]{1,255}$/.test(name))
      problems.push(bad(`Resources.${name}`, 'a name has letters and digits only'));
    if (!isMap(body) || typeof body['Type'] !== 'string')
      problems.push(bad(`Resources.${name}`, 'must be an object with a "Type"'));
    else if (Object.hasOwn(body, 'Properties') && !isMap(body['Properties']) && body['Properties'] !== null)
      problems.push(bad(`Resources.${name}.Properties`, 'must be an object'));
  }
  return problems;
}

function customResources(template: Template): string[] {
  return resourcesOf(template)
    .filter(({ type }) => isCustomResource(type))
    .map(
      ({ logicalId, type }) =>
        `Resources.${logicalId}: a ${type} hands everything to a function outside this installation. What the function makes is neither confined nor counted, and the execution role must be allowed to call it.`,
    );
}

/** Rules that let the whole world in: often meant so, seldom needed. */
function openDoors(template: Template): string[] {
  return resourcesOf(template).flatMap(({ logicalId, properties }) =>
    /"CidrIp(?:v6)?":"(?:0\.0\.0\.0\/0|::\/0)"/.test(
      JSON.stringify({ ...properties, SecurityGroupEgress: null }),
    )
      ? [
          `Resources.${logicalId}: lets every address in. A parameter with {"system": "ssh-from"} in blueprint.json takes the addresses that this installation allows.`,
        ]
      : [],
  );
}

import type { Blueprint } from './blueprint.ts';
import { READABLE_PARAMETERS } from './cluster-resource-types.ts';
import type { InstanceCatalogue } from './instance-catalogue.ts';
import { settingsOf } from './merge-settings.ts';
import { parametersOf } from './parameters.ts';
import { type Problem, problem } from './problems.ts';
import { NO_SYSTEM_VALUES } from './read-blueprint.ts';
import { readDefaults } from './request.ts';
import { OWN_SETTINGS } from './settings.ts';
import { type Json, type JsonMap, mapAt, resourcesOf, type Template } from './template.ts';

/** Where `blueprint.json` and its (confined) template contradict each other: stacks of it would fail, or do harm later. */
export function blueprintMisfits(
  blueprint: Blueprint,
  template: Template,
  catalogue: InstanceCatalogue,
): Problem[] {
  return [
    ...parameterMisfits(blueprint, template),
    ...valueMisfits(blueprint, template, catalogue),
    ...imageMisfits(blueprint, template),
    ...resourceMisfits(blueprint, template),
    ...changeMisfits(blueprint),
    ...addressMisfits(blueprint, template),
    ...capabilityMisfits(blueprint, template),
  ];
}

function parameterMisfits({ parameters }: Blueprint, template: Template): Problem[] {
  const known = mapAt(template, 'Parameters');
  return [
    ...Object.keys(parameters)
      .filter((name) => !Object.hasOwn(known, name))
      .map((name) =>
        misfit(
          `parameters.${name}`,
          'the template has no such parameter',
          'Take it out, or write it as the template does',
        ),
      ),
    ...Object.entries(known)
      .filter(([name, body]) => !Object.hasOwn(parameters, name) && !Object.hasOwn(Object(body), 'Default'))
      .map(([name]) =>
        misfit(
          `parameters.${name}`,
          'the template needs a value and has no default',
          `Add it: {"value": …}, {"from": a request key} or {"system": …}`,
        ),
      ),
  ];
}

/** What the parameters are when nobody asks for anything, against what the template lets them be. */
function valueMisfits(blueprint: Blueprint, template: Template, catalogue: InstanceCatalogue): Problem[] {
  const { request } = readDefaults({ ...blueprint.defaults, Blueprint: blueprint.name }, catalogue);
  const { complete } = settingsOf(request, {}, new Map());
  if (!complete) return [];
  const { parameters } = parametersOf(blueprint, complete, NO_SYSTEM_VALUES, catalogue);
  return Object.entries(parameters).flatMap(([name, value]) => {
    const { AllowedValues: allowed } = mapAt(mapAt(template, 'Parameters'), name);
    const source = blueprint.parameters[name];
    if (!Array.isArray(allowed) || !source || 'system' in source) return [];
    const texts = (allowed as readonly Json[]).map((one) =>
      typeof one === 'string' ? one : JSON.stringify(one),
    );
    if (texts.includes(value)) return [];
    return [
      misfit(
        `parameters.${name}`,
        `it is "${value}" ${'from' in source ? `by the default of ${source.from}` : 'always'}, but the template allows ${shortList(texts)}`,
        'from' in source
          ? 'Change the default, how it is written ("as"), or the AllowedValues of the template'
          : 'Write one of these',
      ),
    ];
  });
}

/**
 * `AWS::SSM::Parameter::Value` is looked up anew at each update, so an image called "latest" becomes another one, and the login node,
 * with /home on it, a new machine. Good only for clusters that are never updated.
 */
function imageMisfits(blueprint: Blueprint, template: Template): Problem[] {
  const updates = blueprint.changeable.some((name) => !(OWN_SETTINGS as readonly string[]).includes(name));
  return Object.entries(mapAt(template, 'Parameters')).flatMap(([name, body]) => {
    const { Type: type, Default: fallback } = Object(body) as JsonMap;
    if (typeof type !== 'string' || !type.startsWith('AWS::SSM::Parameter::Value<')) return [];
    const source = blueprint.parameters[name];
    const value = source && 'value' in source ? source.value : fallback;
    const where = `template, Parameters.${name}`;
    const problems: Problem[] = [];
    if (typeof value !== 'string' || !value.startsWith(READABLE_PARAMETERS))
      problems.push(
        misfit(
          where,
          `it must name a parameter below ${READABLE_PARAMETERS}, which are AWS's own`,
          'Make it a plain parameter with a value',
        ),
      );
    if (updates)
      problems.push(
        misfit(
          where,
          `${type} is looked up anew when a running cluster is changed, and could replace its login node`,
          'Make its type AWS::EC2::Image::Id and give the id of an image as {"value": "ami-…"}; or let nothing be changed: "changeable": []',
        ),
      );
    return problems;
  });
}

function resourceMisfits({ resources }: Blueprint, template: Template): Problem[] {
  const found = new Map(resourcesOf(template).map(({ logicalId, type }) => [logicalId, type]));
  const named = new Set(resources.map(({ logicalId }) => logicalId));
  const mend = 'Correct it; or leave "resources" out: the list is then made from the template';
  return [
    ...resources.flatMap(({ logicalId, type }) => {
      const real = found.get(logicalId);
      if (real === type) return [];
      const what =
        real === undefined ? 'the template has no such resource' : `is ${real} in the template, not ${type}`;
      return [misfit(`resources, ${logicalId}`, what, mend)];
    }),
    ...[...found.keys()]
      .filter((id) => !named.has(id))
      .map((id) => misfit(`resources, ${id}`, 'is in the template, but not in the list', mend)),
  ];
}

function changeMisfits({ resources, parameters, changeable }: Blueprint): Problem[] {
  return resources.flatMap(({ logicalId, protected: kept, replacedBy = [] }) =>
    replacedBy.flatMap((name) => {
      const source = parameters[name];
      if (!kept || !source || !('from' in source) || !changeable.some((one) => one === source.from))
        return [];
      return [
        misfit(
          `changeable, ${source.from}`,
          `its parameter ${name} would replace ${logicalId}, which is protected`,
          `Take ${source.from} out of "changeable"`,
        ),
      ];
    }),
  );
}

function addressMisfits({ addressOutput }: Blueprint, template: Template): Problem[] {
  const outputs = Object.keys(mapAt(template, 'Outputs'));
  if (addressOutput !== undefined)
    return outputs.includes(addressOutput)
      ? []
      : [
          misfit(
            'addressOutput',
            `the template has no output ${addressOutput}, only ${shortList(outputs)}`,
            'Name the output with the address of the login node; or leave it out: then it is that of the EC2 instance',
          ),
        ];
  const instances = resourcesOf(template).filter(({ type }) => type === 'AWS::EC2::Instance');
  if (instances.length === 1 || instances.some(({ logicalId }) => /login|master/i.test(logicalId))) return [];
  return [
    misfit(
      'addressOutput',
      `${instances.length === 0 ? 'there is no EC2 instance' : 'there are several EC2 instances'}, so nothing tells where people log in`,
      'Give the template an output with the address of the login node, and name it here',
    ),
  ];
}

function capabilityMisfits({ capabilities }: Blueprint, template: Template): Problem[] {
  const hasRights = resourcesOf(template).some(({ type }) => type.startsWith('AWS::IAM::'));
  if (!hasRights || capabilities.some((one) => /^CAPABILITY_(?:NAMED_)?IAM$/.test(one))) return [];
  return [
    misfit(
      'capabilities',
      'the template makes IAM roles, which CloudFormation wants to be told',
      'Write "capabilities": ["CAPABILITY_IAM"]',
    ),
  ];
}

function shortList(texts: readonly string[]): string {
  const shown = texts.slice(0, 8).join(', ');
  return texts.length === 0 ? 'none' : texts.length > 8 ? `${shown} …` : shown;
}

function misfit(where: string, what: string, instead: string): Problem {
  return problem('template-misfit', { where, what, instead });
}

import type { Blueprint } from './blueprint.ts';
import { blueprintSchema } from './blueprint-schema.ts';
import { contradictions } from './contradictions.ts';
import type { InstanceCatalogue } from './instance-catalogue.ts';
import { SETTING_NAMES, settingsOf } from './merge-settings.ts';
import { parametersOf, type SystemValues, settingsCarried } from './parameters.ts';
import { type Problem, problem } from './problems.ts';
import { readDefaults } from './request.ts';
import { isRequestKey } from './request-keys.ts';
import { settingText } from './setting-text.ts';

export type BlueprintReading = { readonly blueprint: Blueprint } | { readonly problems: readonly Problem[] };

/** Reads `blueprint.json`: its format, and that its defaults make a cluster. For one that is taken in. */
export function readBlueprint(json: unknown, catalogue: InstanceCatalogue): BlueprintReading {
  const read = inForm(json);
  if ('problems' in read) return read;
  const problems = [...resourceProblems(read.blueprint), ...defaultProblems(read.blueprint, catalogue)];
  return problems.length > 0 ? { problems } : read;
}

function inForm(json: unknown): BlueprintReading {
  const parsed = blueprintSchema.safeParse(json);
  if (!parsed.success)
    return {
      problems: parsed.error.issues.map(({ path, message }) =>
        bad(path.map(String).join('.'), message.charAt(0).toLowerCase() + message.slice(1)),
      ),
    };
  const { $schema: _, ...blueprint } = parsed.data;
  return { blueprint };
}

export const NO_SYSTEM_VALUES: SystemValues = {
  account: '',
  user: '',
  profiles: '',
  cluster: '',
  vpc: '',
  subnets: '',
  subnet: '',
  'ssh-from': '',
  boundary: '',
  'role-path': '',
};

function defaultProblems(blueprint: Blueprint, catalogue: InstanceCatalogue): Problem[] {
  const read = readDefaults({ ...blueprint.defaults, Blueprint: blueprint.name }, catalogue);
  const problems = read.problems.map(({ message }) => bad('defaults', message));
  const { settings, complete, origins } = settingsOf(read.request, {}, new Map());
  for (const name of SETTING_NAMES)
    if (settings[name] === undefined && !read.named.has(name))
      problems.push(bad('defaults', `${name} is missing`));
  for (const { message } of contradictions(settings, { origins, named: new Map(), catalogue }))
    problems.push(bad('defaults', message));
  problems.push(...fixedProblems(blueprint, catalogue));
  for (const name of blueprint.changeable)
    if (!settingsCarried(blueprint).has(name) && !['Lifetime', 'IdleTimeout', 'NotifyEmail'].includes(name))
      problems.push(bad('changeable', `no parameter carries ${name}`));
  if (!complete) return problems;
  const written = parametersOf(blueprint, complete, NO_SYSTEM_VALUES, catalogue);
  return [...problems, ...written.problems.map(({ message }) => bad('defaults', message))];
}

/** A parameter that is always the same must be what the default of its key says: price and limits are judged by that. */
function fixedProblems(blueprint: Blueprint, catalogue: InstanceCatalogue): Problem[] {
  const carried = settingsCarried(blueprint);
  const defaults = readDefaults(blueprint.defaults, catalogue).request;
  return Object.entries(blueprint.parameters).flatMap(([name, source]) => {
    if (!('value' in source) || !isRequestKey(name)) return [];
    const { request } = readDefaults({ [name]: source.value }, catalogue);
    return SETTING_NAMES.filter(
      (key) => !carried.has(key) && request[key] !== undefined && request[key] !== defaults[key],
    ).map((key) => {
      const said = defaults[key] === undefined ? 'nothing' : settingText(key, defaults[key]);
      return bad(`parameters.${name}`, `is always ${source.value}, but the default of ${key} is ${said}`);
    });
  });
}

function resourceProblems({ resources, parameters }: Blueprint): Problem[] {
  const ids = resources.map(({ logicalId }) => logicalId);
  const problems: Problem[] = [];
  const started = new Set<string>();
  resources.forEach(({ logicalId, after = [], replacedBy = [] }, index) => {
    const where = `resources.${index}`;
    if (ids.indexOf(logicalId) !== index) problems.push(bad(where, `a second ${logicalId}`));
    for (const name of after)
      if (!ids.includes(name)) problems.push(bad(`${where}.after`, `there is no resource ${name}`));
    for (const name of replacedBy)
      if (!Object.hasOwn(parameters, name))
        problems.push(bad(`${where}.replacedBy`, `there is no parameter ${name}`));
  });
  if (problems.length > 0) return problems;
  for (let before = -1; before < started.size; ) {
    before = started.size;
    for (const { logicalId, after = [] } of resources)
      if (after.every((name) => started.has(name))) started.add(logicalId);
  }
  const waiting = ids.filter((id) => !started.has(id));
  return waiting.length > 0 ? [bad('resources', `${waiting.join(', ')} wait for each other`)] : [];
}

function bad(where: string, what: string): Problem {
  return problem('bad-blueprint', { where, what });
}

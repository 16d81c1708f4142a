import { refused } from './confine-template-refused.ts';
import type { Problem } from './problems.ts';
import { changedIn, isMap, type Json, mapAt, resourcesOf, type Template, valuesIn } from './template.ts';

export interface Life {
  readonly template: Template;
  readonly changes: readonly string[];
  readonly problems: readonly Problem[];
}

/** Switches that keep a thing, and its cost, when its stack goes; and what they must say. */
const SWITCHES: Readonly<Record<string, boolean>> = {
  DeleteOnTermination: true,
  DisableApiTermination: false,
  DisableApiStop: false,
  NewInstancesProtectedFromScaleIn: false,
};

/** Sees to it that everything a stack makes goes with it: nobody looks for what a deleted cluster left behind, but somebody pays for it. */
export function confinedLife(template: Template): Life {
  const changes: string[] = [];
  const problems: Problem[] = [];
  const resources = resourcesOf(template).map(({ logicalId, type, body, properties }): [string, Json] => {
    const where = `Resources.${logicalId}`;
    const after: Record<string, Json> = { ...body };
    for (const attribute of ['DeletionPolicy', 'UpdateReplacePolicy']) {
      const found = body[attribute];
      if (found === undefined || found === 'Delete') continue;
      after[attribute] = 'Delete';
      changes.push(
        `${where}.${attribute} changed from ${JSON.stringify(found)} to Delete: nothing stays behind`,
      );
    }
    if (/^AWS::(?:EC2|AutoScaling)::/.test(type) && Object.hasOwn(body, 'Properties')) {
      problems.push(...persistentSpot(properties, `${where}.Properties`));
      after['Properties'] = withoutProtection(properties, `${where}.Properties`, changes);
    }
    return [logicalId, after];
  });
  return {
    template: { ...template, ...withoutExports(template, changes), Resources: Object.fromEntries(resources) },
    changes,
    problems,
  };
}

function withoutProtection(properties: Json, where: string, changes: string[]): Json {
  return changedIn(properties, where, (key, value, path) => {
    if (key === 'DeletionProtection' && value !== 'none') {
      changes.push(`${path} changed to none: the cluster must be able to go`);
      return 'none';
    }
    const wanted = Object.hasOwn(SWITCHES, key) ? SWITCHES[key] : undefined;
    if (wanted === undefined || value === wanted || value === String(wanted)) return undefined;
    changes.push(`${path} changed to ${wanted}: the cluster must be able to go, and nothing stays behind`);
    return wanted;
  });
}

/** A persistent request starts a new machine when its stack has ended the old one. */
function persistentSpot(properties: Json, where: string): Problem[] {
  return [...valuesIn(properties, where)]
    .filter(({ key, value }) => key === 'SpotInstanceType' && value !== 'one-time')
    .map(({ path }) =>
      refused(path, 'a persistent spot request outlives its stack and starts new machines', 'Write one-time'),
    );
}

/** Two clusters cannot export one name, and a stack whose export is used cannot be deleted. */
function withoutExports(template: Template, changes: string[]): { Outputs?: Json } {
  const outputs = mapAt(template, 'Outputs');
  const exporting = Object.entries(outputs).filter(
    ([, body]) => isMap(body) && Object.hasOwn(body, 'Export'),
  );
  if (exporting.length === 0) return {};
  for (const [name] of exporting) changes.push(`Outputs.${name}.Export taken out: clusters share no names`);
  const kept = Object.entries(outputs).map(([name, body]): [string, Json] => {
    if (!isMap(body)) return [name, body];
    const { Export: _, ...rest } = body;
    return [name, rest];
  });
  return { Outputs: Object.fromEntries(kept) };
}

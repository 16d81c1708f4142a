import type { Blueprint } from './blueprint.ts';
import { blueprintMisfits } from './blueprint-misfits.ts';
import { blueprintResources } from './blueprint-resources.ts';
import { confineTemplate, systemParameters } from './confine-template.ts';
import type { InstanceCatalogue } from './instance-catalogue.ts';
import { type Problem, problem } from './problems.ts';
import { readBlueprint } from './read-blueprint.ts';
import { isMap, type Json, mapAt, type Template } from './template.ts';
import { TEMPLATE_BYTES } from './template-text.ts';

export interface IntakeInput {
  /** `blueprint.json` as its author wrote it; without `resources` they are taken from the template. */
  readonly authored: unknown;
  readonly template: Template;
  /** Instead of the name that the author gave. */
  readonly name?: string;
  readonly allowCustomResources: boolean;
  readonly catalogue: InstanceCatalogue;
}

/** A blueprint ready to be stored. */
export interface Intake {
  readonly blueprint: Blueprint;
  /** The confined template as a text, JSON. */
  readonly template: string;
  readonly changes: readonly string[];
  readonly remarks: readonly string[];
}

/** Under this name a template lies beside its `blueprint.json`, whatever it was called before. */
const FILE = 'template.json';

/** Takes a blueprint in: reads it, confines its template, and sees whether the two fit. Every mistake at once. */
export function blueprintIntake(input: IntakeInput): Intake | { readonly problems: readonly Problem[] } {
  const { authored, template, name, allowCustomResources, catalogue } = input;
  const read = readBlueprint(completed(authored, template, name), catalogue);
  const mapped = 'blueprint' in read ? read.blueprint.parameters : sourcesIn(authored);
  const confined = confineTemplate(template, { parameters: mapped, allowCustomResources });
  if (!('blueprint' in read) || !('template' in confined))
    return {
      problems: [
        ...('problems' in read ? read.problems : []),
        ...('problems' in confined ? confined.problems : []),
      ],
    };
  const blueprint = {
    ...read.blueprint,
    template: { file: FILE },
    parameters: { ...read.blueprint.parameters, ...systemParameters(confined.template) },
  };
  const misfits = blueprintMisfits(blueprint, confined.template, catalogue);
  const text = JSON.stringify(confined.template);
  // More bytes than letters, but never more than three times as many.
  if (text.length * 3 > TEMPLATE_BYTES && bytesOf(text) > TEMPLATE_BYTES)
    misfits.push(
      problem('bad-template', { where: '', what: `it has more than ${TEMPLATE_BYTES} bytes as JSON` }),
    );
  if (misfits.length > 0) return { problems: misfits };
  return { blueprint, template: text, changes: confined.changes, remarks: confined.remarks };
}

function completed(authored: unknown, template: Template, name: string | undefined): unknown {
  if (!isMap(authored as Json)) return authored;
  const given = Object.keys(mapAt(authored as Template, 'parameters'));
  const { resources = blueprintResources(template, given), ...rest } = authored as Readonly<
    Record<string, unknown>
  >;
  return { ...rest, resources, ...(name !== undefined && { name }) };
}

/** Of a blueprint.json with mistakes: as much as is needed to judge the template. */
function sourcesIn(authored: unknown): Blueprint['parameters'] {
  const parameters = isMap(authored as Json) ? mapAt(authored as Template, 'parameters') : {};
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([name, source]) =>
      isMap(source) && typeof source['system'] === 'string' ? [[name, { system: source['system'] }]] : [],
    ),
  ) as Blueprint['parameters'];
}

function bytesOf(text: string): number {
  let bytes = 0;
  for (const letter of text) {
    const code = letter.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

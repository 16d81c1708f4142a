import { z } from 'zod';
import { authoredBlueprintSchema } from '../src/core/blueprint-schema.ts';
import { limitsSchema } from '../src/core/limits-schema.ts';
import { requestSchema } from '../src/core/request-schema.ts';
import { synthesize } from '../src/infra/synthesize.ts';
import { templateText } from '../src/infra/template-text.ts';
import { problemsPage } from './problems-page.ts';
import { requestPage } from './request-page.ts';

/** Every file of the repository that is made from the source: path -> text. */
export function generatedFiles(): ReadonlyMap<string, string> {
  return new Map([
    ['schemas/cf-create.schema.json', jsonText(requestSchema())],
    ['schemas/blueprint.schema.json', jsonText(z.toJSONSchema(authoredBlueprintSchema))],
    ['schemas/limits.schema.json', jsonText(limitsSchema())],
    ['docs/problems.md', problemsPage()],
    ['docs/request.md', requestPage()],
    ...[...synthesize()].map(
      ([name, template]) => [`infrastructure/${name}.template.json`, templateText(template)] as const,
    ),
  ]);
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

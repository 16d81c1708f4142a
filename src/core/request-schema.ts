import { type KeyKind, LEAST_USD, MOST_USD, REQUEST_KEYS } from './request-keys.ts';

/** JSON Schema, as far as ours use it. */
export type JsonSchema = { readonly [keyword: string]: unknown };

const DRAFT = 'https://json-schema.org/draft/2020-12/schema';
const NUMBER_TEXT = '^\\s*[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?\\s*$';

/**
 * JSON Schema (draft 2020-12) of a `.cf-create`, for editors. It refuses nothing that Clusterdrop takes; what it cannot say (instance types,
 * contradictions, limits) is judged when the file is read.
 */
export function requestSchema(): JsonSchema {
  return {
    $schema: DRAFT,
    title: 'Clusterdrop request (NAME.cf-create)',
    description: 'What cluster you want. Every key may be left out; {} takes all the defaults.',
    type: 'object',
    properties: {
      $schema: { type: 'string' },
      ...Object.fromEntries(
        REQUEST_KEYS.map(({ key, about, kind, examples }) => [
          key,
          { description: about, ...valueSchema(kind), examples },
        ]),
      ),
    },
    patternProperties: { '^//': { description: 'A note of your own.' } },
    additionalProperties: false,
  };
}

function valueSchema(kind: KeyKind): JsonSchema {
  switch (kind.type) {
    case 'whole': {
      const range = { minimum: kind.least, maximum: kind.most };
      return {
        anyOf: [
          { type: 'integer', ...range },
          { type: 'string', pattern: NUMBER_TEXT },
        ],
      };
    }
    case 'choice':
      return { anyOf: [{ enum: kind.values }, { type: 'boolean' }, anyCase(kind.values)] };
    case 'instance':
      return { type: 'string', pattern: '\\S' };
    case 'spot-price':
      return {
        anyOf: [
          { enum: ['on-demand', 'spot'] },
          { const: 0 },
          { type: 'number', minimum: LEAST_USD, maximum: MOST_USD },
          { type: 'string', pattern: NUMBER_TEXT },
          {
            type: 'string',
            pattern: '^\\s*([Oo][Nn][\\s_-]*[Dd][Ee][Mm][Aa][Nn][Dd]|[Ss][Pp][Oo][Tt])\\s*$',
          },
        ],
      };
    case 'duration': {
      const length = { type: 'string', pattern: '^\\s*(\\d+(\\.\\d+)?\\s*[A-Za-z]+\\s*)+$' };
      return kind.off ? { anyOf: [length, anyCase(['off']), { const: false }] } : length;
    }
    case 'email':
      return {
        anyOf: [
          anyCase(['registered']),
          { type: 'string', pattern: '^\\s*[^\\s@,;<>]+@[^\\s@,;<>]+\\.[^\\s@,;<>]+\\s*$' },
        ],
      };
    case 'blueprint':
      return { type: 'string', pattern: '^\\s*[A-Za-z][A-Za-z0-9-]{0,39}\\s*$' };
  }
}

/** Draft 2020-12 has no flag for letter case. */
function anyCase(words: readonly string[]): JsonSchema {
  const alternatives = words.map((word) => word.replace(/[a-z]/gi, either));
  return { type: 'string', pattern: `^\\s*(${alternatives.join('|')})\\s*$` };
}

function either(letter: string): string {
  return `[${letter.toUpperCase()}${letter.toLowerCase()}]`;
}

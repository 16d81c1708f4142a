import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import type { JsonSchema } from './request-schema.ts';

const count = { type: 'integer', minimum: 0 };
const usd = { type: ['number', 'null'], minimum: 0 };
const texts = { type: 'array', items: { type: 'string', minLength: 1 } };

const KEYS: Readonly<Record<keyof Limits, JsonSchema>> = {
  version: { type: 'integer', description: 'Version of this format: 1.' },
  clusters: { ...count, description: 'Clusters at once.' },
  nodes: { ...count, description: 'Compute nodes of one cluster.' },
  instanceTypes: {
    ...texts,
    description: 'EC2 types of login and compute nodes; * stands for anything, ? for one character.',
  },
  diskGb: { ...count, description: 'GB of the disk of one login node.' },
  spotPrice: { ...usd, description: 'Highest ComputeSpotPrice in USD per node and hour; null for no limit.' },
  onDemand: { type: 'boolean', description: 'Whether compute nodes may be on demand.' },
  usdPerHour: {
    ...usd,
    description: 'Most that one cluster may cost per hour, all nodes running; null for no limit.',
  },
  usdPerMonth: {
    ...usd,
    description:
      'Most that may be spent in a month or promised until the ends of the clusters; null for no limit.',
  },
  blueprints: { ...texts, description: 'Names of blueprints; * stands for anything.' },
  mailDomains: { ...texts, description: 'Domains that NotifyEmail may name besides the registered address.' },
  longestLifetime: {
    type: 'string',
    pattern: '^\\s*(\\d+(\\.\\d+)?\\s*[A-Za-z]+\\s*)+$',
    description: 'Longest Lifetime, such as 30d.',
  },
  frozen: {
    type: 'string',
    maxLength: 500,
    description: 'Reason why no new cluster may be started, for all to read.',
  },
};

/** JSON Schema of `limits/default.json` and `limits/<user>.json`; a key that is left out has the value shown as its default. */
export function limitsSchema(): JsonSchema {
  const shipped = DEFAULT_LIMITS as unknown as Readonly<Record<string, unknown>>;
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Clusterdrop limits',
    description: 'What users may have. limits/<user>.json is laid over limits/default.json, key by key.',
    type: 'object',
    properties: {
      $schema: { type: 'string' },
      ...Object.fromEntries(
        Object.entries(KEYS).map(([key, schema]) => [
          key,
          key in shipped ? { ...schema, default: shipped[key] } : schema,
        ]),
      ),
    },
    patternProperties: { '^//': {} },
    additionalProperties: false,
  };
}

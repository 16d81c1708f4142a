import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, readLimits } from '../src/core/limits.ts';
import { readBlueprint } from '../src/core/read-blueprint.ts';
import { anyRequest } from './any-settings.ts';
import { jsonFile, root, shippedCatalogue, shippedPlan } from './shipped.ts';

const ajv = new Ajv2020({ allErrors: true, validateFormats: false });
const compiled = (name: string) => ajv.compile(jsonFile(`schemas/${name}.schema.json`) as object);

/** Request files of a folder: [name, text]. */
function files(folder: string): [string, string][] {
  return readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.cf-create'))
    .map((name) => [name, readFileSync(join(root, folder, name), 'utf8')]);
}

describe('cf-create.schema.json', () => {
  const fits = compiled('cf-create');
  it.each(files('examples'))('takes %s', (_, text) => {
    expect(fits(JSON.parse(text))).toBe(true);
  });

  it('takes every spelling that is read', () => {
    fc.assert(
      fc.property(anyRequest, ({ text }) => {
        expect(fits(JSON.parse(text)), text).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    'unknown-keys',
    'keys-from-folder',
    'null-values',
    'lists-as-values',
    'blank-values',
    'number-words',
    'units-in-numbers',
    'decimal-comma',
    'negative',
    'fractions',
    'no-nodes',
    'huge-numbers',
    'disk-too-small',
    'booleans',
    'policy',
    'policy-yes',
    'spot-word',
    'lifetime-without-unit',
    'lifetime-nonsense',
    'mail',
    'two-mails',
    'blueprint-url',
    'list',
    'only-text',
    'only-number',
    'three-at-once',
    'many-mistakes',
  ])('refuses bad/%s', (name) => {
    const text = readFileSync(join(root, `examples/bad/${name}.cf-create`), 'utf8');
    expect(fits(JSON.parse(text))).toBe(false);
  });

  it('refuses no value that is read', () => {
    const values = fc.oneof(
      fc.constantFrom<unknown>(
        0,
        '0',
        1,
        '1',
        -1,
        8,
        1025,
        0.5,
        '+5',
        '5.0',
        '1e2',
        true,
        false,
        null,
        'off',
        'OFF',
        'registered',
        'on demand',
        'SPOT',
        'slurm',
        '1h',
        '3 days',
        'r4.large',
        'other',
        'enabled',
        'a@b.cd',
        ' ',
        [],
      ),
      fc.string({ maxLength: 6 }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    );
    const keys = fc.constantFrom(
      ...Object.keys((jsonFile('schemas/cf-create.schema.json') as { properties: object }).properties),
      'Colour',
      '//',
    );
    fc.assert(
      fc.property(keys, values, (key, value) => {
        const request = { [key]: value };
        const limits = {
          ...DEFAULT_LIMITS,
          nodes: 10_000,
          spotPrice: null,
          usdPerHour: null,
          usdPerMonth: null,
          mailDomains: ['b.cd'],
          longestLifetime: '9999d',
        };
        if (!fits(request) && key !== '$schema')
          expect(
            shippedPlan(JSON.stringify(request), { limits }).problems,
            JSON.stringify(request),
          ).not.toEqual([]);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('limits.schema.json', () => {
  const fits = compiled('limits');
  it.each([
    [DEFAULT_LIMITS],
    [{}],
    [{ '//': 'note', nodes: 0, usdPerHour: null, frozen: 'why', longestLifetime: '1 day' }],
    [{ nodes: '5' }],
    [{ nodes: -1 }],
    [{ nodes: null }],
    [{ usdPerHour: -1 }],
    [{ instanceTypes: 'r4.*' }],
    [{ instanceTypes: [''] }],
    [{ onDemand: 'no' }],
    [{ longestLifetime: '30' }],
    [{ frozen: true }],
    [{ colour: 1 }],
    [[]],
  ])('agrees with the reader on %j', (json) => {
    expect(fits(json)).toBe('limits' in readLimits(json));
  });
});

describe('blueprint.schema.json', () => {
  const fits = compiled('blueprint');
  const slurm = jsonFile('blueprints/slurm/blueprint.json') as object;

  it.each(['slurm', 'alces-flight'])('takes %s', (name) => {
    expect(fits(jsonFile(`blueprints/${name}/blueprint.json`))).toBe(true);
  });

  it.each([
    [{ name: 'My Slurm' }],
    [{ version: 2 }],
    [{ parameters: { X: { from: 'Nodes' } } }],
    [{ colour: 'blue' }],
    [{ changeable: ['Blueprint'] }],
    [{ resources: [] }],
  ])('refuses %j, as the reader does', (change) => {
    expect(fits({ ...slurm, ...change })).toBe(false);
    expect(readBlueprint({ ...slurm, ...change }, shippedCatalogue)).toHaveProperty('problems');
  });
});

import { describe, expect, it } from 'vitest';
import { jsonFile, shippedCatalogue } from '../../test/shipped.ts';
import { readBlueprint } from './read-blueprint.ts';

const slurm = jsonFile('blueprints/slurm/blueprint.json') as Record<string, unknown> & {
  defaults: Record<string, unknown>;
  parameters: Record<string, unknown>;
};
const flight = jsonFile('blueprints/alces-flight/blueprint.json') as typeof slurm;
const resource = { logicalId: 'A', type: 'AWS::EC2::Instance', seconds: 1 };

function told(json: unknown): string {
  const read = readBlueprint(json, shippedCatalogue);
  if (!('problems' in read)) return '';
  expect(read.problems.every(({ code, owner }) => code === 'bad-blueprint' && owner === 'operator')).toBe(
    true,
  );
  return read.problems.map(({ message }) => message).join('\n');
}

describe('readBlueprint', () => {
  it.each([
    ['slurm', slurm],
    ['alces-flight', flight],
  ])('takes the shipped %s as it is', (_, json) => {
    expect(readBlueprint(json, shippedCatalogue)).toEqual({ blueprint: json });
  });

  it.each([
    ['nothing', null, 'blueprint.json'],
    ['another version', { ...slurm, version: 2 }, 'version'],
    ['a name that no request can say', { ...slurm, name: 'My Slurm' }, 'name'],
    ['an unknown key', { ...slurm, colour: 'blue' }, 'colour'],
    ['a template that is not https', { ...slurm, template: { url: 'http://example.org/t' } }, 'template'],
    ['a parameter from nowhere', { ...slurm, parameters: { X: { from: 'Nodes' } } }, 'parameters.X'],
    ['a system value of our own', { ...slurm, parameters: { X: { system: 'root' } } }, 'parameters.X'],
    [
      'a default that cannot be read',
      { ...slurm, defaults: { ...slurm.defaults, ComputeMaxNodes: 'many' } },
      'ComputeMaxNodes',
    ],
    ['a default for no key', { ...slurm, defaults: { ...slurm.defaults, Colour: 'blue' } }, 'Colour'],
    [
      'defaults with a gap',
      { ...slurm, defaults: { ...slurm.defaults, ComputeInstanceType: 'other' } },
      'ComputeInstanceType is missing',
    ],
    [
      'contradicting defaults',
      { ...slurm, defaults: { ...slurm.defaults, ComputeInitialNodes: 9 } },
      'ComputeInitialNodes is 9',
    ],
    [
      'a default that its form cannot say',
      { ...flight, defaults: { ...flight.defaults, ComputeSpotPrice: 'spot' } },
      'ComputeSpotPrice "spot"',
    ],
    [
      'a fixed parameter unlike its default',
      {
        ...slurm,
        parameters: { ...slurm.parameters, AutoscalingPolicy: { value: 'disabled' } },
        changeable: [],
      },
      'parameters.AutoscalingPolicy',
    ],
    [
      'a changeable key that nothing carries',
      { ...slurm, parameters: { X: { value: '' } }, changeable: ['ComputeMaxNodes'] },
      'changeable',
    ],
    ['a changeable blueprint', { ...slurm, changeable: ['Blueprint'] }, 'changeable'],
    ['two resources of one name', { ...slurm, resources: [resource, resource] }, 'a second A'],
    ['a wait for nothing', { ...slurm, resources: [{ ...resource, after: ['B'] }] }, 'no resource B'],
    [
      'a wait in a circle',
      {
        ...slurm,
        resources: [
          { ...resource, after: ['B'] },
          { ...resource, logicalId: 'B', after: ['A'] },
        ],
      },
      'A, B wait for each other',
    ],
    [
      'a replacement by no parameter',
      { ...slurm, resources: [{ ...resource, replacedBy: ['Nope'] }] },
      'no parameter Nope',
    ],
    ['no resources', { ...slurm, resources: [] }, 'resources'],
  ])('refuses %s', (_, json, words) => {
    expect(told(json)).toContain(words);
  });

  it('takes a fixed parameter that is as its default says, and a note for editors', () => {
    const parameters = { ...slurm.parameters, AutoscalingPolicy: { value: 'enabled' } };
    const changeable = ['ComputeMaxNodes', 'Lifetime'];
    expect(told({ ...slurm, parameters, changeable, $schema: '../x.json', resources: [resource] })).toBe('');
  });
});

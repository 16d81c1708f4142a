import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLUSTER_RESOURCE_TYPES } from '../../src/core/cluster-resource-types.ts';
import { confineTemplate } from '../../src/core/confine-template.ts';
import { mapAt, resourcesOf, type Template, valuesIn } from '../../src/core/template.ts';
import { anyMildTemplate, anyTemplate } from './any-template.ts';

const OPTIONS = { parameters: {}, allowCustomResources: false };
const TYPES = new Set(CLUSTER_RESOURCE_TYPES.map(({ type }) => type));

/** Looked at with other eyes than those of the code: whatever came out must be so. */
function expectConfined(template: Template): void {
  const text = JSON.stringify(template);
  expect(text).not.toMatch(/Fn::Transform|\{\{resolve:|Fn::ImportValue|"Export"/);
  for (const { type, properties, body } of resourcesOf(template)) {
    expect(TYPES.has(type)).toBe(true);
    expect(body['DeletionPolicy'] ?? 'Delete').toBe('Delete');
    if (type === 'AWS::IAM::Role') {
      expect(properties['Path']).toEqual({ Ref: 'ClusterdropRolePath' });
      expect(properties['PermissionsBoundary']).toEqual({ Ref: 'ClusterdropBoundary' });
      expect(properties).not.toHaveProperty('RoleName');
      expect(mapAt(template, 'Parameters')).toHaveProperty('ClusterdropBoundary');
    }
    if (type === 'AWS::IAM::InstanceProfile')
      expect(properties['Path']).toEqual({ Ref: 'ClusterdropRolePath' });
    if (type.startsWith('AWS::EC2::'))
      for (const { key, value } of valuesIn(properties, '')) {
        if (key === 'DeleteOnTermination') expect([true, 'true']).toContain(value);
        if (key === 'DisableApiTermination') expect([false, 'false']).toContain(value);
      }
  }
}

describe('any template', { timeout: 60_000 }, () => {
  it.each([
    ['of anything', anyTemplate],
    ['of harmless things', anyMildTemplate],
  ])('%s is confined or refused, and confined twice it stays as it is', (_, templates) => {
    let confinable = 0;
    fc.assert(
      fc.property(templates, (template) => {
        const before = JSON.stringify(template);
        const first = confineTemplate(template, OPTIONS);
        expect(JSON.stringify(template)).toBe(before);
        if ('problems' in first) {
          expect(first.problems.length).toBeGreaterThan(0);
          for (const { message, fix } of first.problems)
            expect(message + fix).not.toMatch(/undefined|\[object/);
          return;
        }
        confinable++;
        expectConfined(first.template);
        const second = confineTemplate(first.template, OPTIONS);
        expect(second).toEqual({ template: first.template, changes: [], remarks: first.remarks });
        expect(first.changes.length === 0).toBe(JSON.stringify(first.template) === before);
      }),
      { numRuns: 500 },
    );
    // A law about templates that are confined says nothing where none is.
    expect(confinable).toBeGreaterThan(50);
  });
});

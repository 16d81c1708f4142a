import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyRequest } from '../../test/any-settings.ts';
import { shippedBlueprint, shippedPlan } from '../../test/shipped.ts';
import { DAY, HOUR } from './instant.ts';
import { limitsFor } from './limits.ts';
import type { RequestPlan } from './plan.ts';
import type { Settings } from './settings.ts';

const codes = (plan: RequestPlan) => plan.problems.map(({ code }) => code);

function runningFrom(text: string, remaining = 5 * DAY) {
  const { settings, problems } = shippedPlan(text);
  if (!settings) throw new Error(problems.map(({ message }) => message).join('; '));
  return { settings, blueprint: shippedBlueprint(settings.Blueprint).blueprint, remaining };
}

describe('a new cluster', () => {
  it('takes {} as all the defaults', () => {
    const plan = shippedPlan('{}');
    expect(plan.problems).toEqual([]);
    expect(plan.settings).toMatchObject({
      Blueprint: 'slurm',
      Lifetime: 7 * DAY,
      IdleTimeout: 'off',
      NotifyEmail: 'registered',
    });
    expect(plan.ref).toEqual({ name: 'slurm', hash: 'shipped' });
    expect(plan.changes).toBeUndefined();
    expect(new Set(Object.values(plan.origins ?? {}))).toEqual(new Set(['default']));
  });

  it('has settings, parameters and a price exactly when it has no problems', () => {
    fc.assert(
      fc.property(anyRequest, ({ text }) => {
        const plan = shippedPlan(text, {
          limits: limitsFor(
            {},
            { nodes: 5000, usdPerHour: 500, usdPerMonth: 50_000, longestLifetime: '400d' },
          ),
        });
        const fine = plan.problems.length === 0;
        expect([plan.settings !== undefined, plan.parameters !== undefined, plan.ref !== undefined]).toEqual([
          fine,
          fine,
          fine,
        ]);
        if (fine) expect(plan.price?.usdPerHour).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });

  it('judges its text, its blueprint and the limits at once', () => {
    const plan = shippedPlan(
      '{\n"ComputeMaxNodes": "twenty-five",\n"ComputMaxNodes": 25,\n"ComputeSpotPrice": 5}',
    );
    expect(codes(plan)).toEqual(['not-a-number', 'unknown-key', 'limit-spot-price']);
    expect(plan.problems.map(({ at }) => at?.line)).toEqual([2, 3, 4]);
  });

  it('judges the limits of a file whose JSON is broken', () => {
    expect(codes(shippedPlan('{"ComputeMaxNodes": 99, "ComputeSpotPrice": 0.02,}'))).toEqual([
      'limit-nodes',
      'not-json',
    ]);
  });

  it('keeps a default end to the limit instead of refusing it, but refuses one that was asked for', () => {
    const limits = limitsFor({}, { longestLifetime: '3d' });
    expect(shippedPlan('{}', { limits }).settings?.Lifetime).toBe(3 * DAY);
    expect(codes(shippedPlan('{"Lifetime": "4d"}', { limits }))).toEqual(['limit-lifetime']);
  });

  it("takes an administrator's defaults, and blames the administrator for wrong ones", () => {
    const slurm = shippedBlueprint('slurm');
    const withDefaults = (over: Record<string, string | number>) => () => ({
      ...slurm,
      defaults: { ...slurm.defaults, ...over },
    });
    expect(
      shippedPlan('{}', { blueprintOf: withDefaults({ ComputeMaxNodes: 9 }) }).settings?.ComputeMaxNodes,
    ).toBe(9);
    const wrong = shippedPlan('{}', { blueprintOf: withDefaults({ ComputeMaxNodes: 'nine' }) });
    expect(wrong.problems).toMatchObject([{ code: 'bad-defaults', owner: 'operator' }]);
    for (const gap of ['ComputeMaxNodes', 'AutoscalingPolicy']) {
      const lacking = Object.fromEntries(Object.entries(slurm.defaults).filter(([key]) => key !== gap));
      const plan = shippedPlan('{}', { blueprintOf: () => ({ ...slurm, defaults: lacking }) });
      expect(codes(plan)).toEqual(['bad-defaults']);
      expect(plan.problems[0]?.message).toContain(gap);
    }
  });

  it.each([
    ['{"Blueprint": "slrum"}', 'unknown-blueprint'],
    ['{"Blueprint": "mine"}', 'missing-blueprint'],
    ['{"Blueprint": "alces-flight"}', 'limit-blueprint'],
    ['{"Blueprint": "https://example.org/t.yaml"}', 'blueprint-is-url'],
  ])('%s is %s', (text, code) => {
    const limits = limitsFor({}, { blueprints: ['slurm', 'mine'] });
    expect(codes(shippedPlan(text, { limits }))).toEqual([code]);
  });

  it('refuses a key that the blueprint cannot honour, unless it asks for what it does anyway', () => {
    const slurm = shippedBlueprint('slurm');
    const { AutoscalingPolicy: _, ...parameters } = slurm.blueprint.parameters;
    const blueprintOf = () => ({ ...slurm, blueprint: { ...slurm.blueprint, parameters } });
    expect(codes(shippedPlan('{"AutoscalingPolicy": "disabled"}', { blueprintOf }))).toEqual([
      'not-in-blueprint',
    ]);
    expect(codes(shippedPlan('{"AutoscalingPolicy": "enabled"}', { blueprintOf }))).toEqual([]);
  });
});

describe('a running cluster', () => {
  const running = runningFrom('{"ComputeMaxNodes": 10, "ComputeSpotPrice": 0.05, "Lifetime": "5d"}');

  it('changes what the file names and keeps the rest', () => {
    const plan = shippedPlan('{"ComputeMaxNodes": 12}', { running });
    expect(plan.problems).toEqual([]);
    expect(plan.settings).toEqual({ ...running.settings, ComputeMaxNodes: 12 });
    expect(plan.changes).toEqual(['ComputeMaxNodes']);
    expect(plan.origins).toMatchObject({ ComputeMaxNodes: 'file', ComputeSpotPrice: 'running' });
    expect(plan.ref).toBeUndefined();
  });

  it('has nothing to change when the file says what runs', () => {
    expect(shippedPlan('{"ComputeMaxNodes": "10"}', { running })).toMatchObject({
      problems: [],
      changes: [],
    });
  });

  it('refuses what cannot change in place, with both values and the place', () => {
    const plan = shippedPlan('{\n"MasterInstanceType": "r4.large",\n"Blueprint": "alces-flight"}', {
      running,
    });
    expect(codes(plan)).toEqual(['cannot-change', 'cannot-change']);
    expect(plan.problems[0]?.message).toContain('MasterInstanceType');
    expect(plan.problems[0]?.message).toContain(running.settings.MasterInstanceType);
    expect(plan.problems[0]?.message).toContain('r4.large');
    expect(plan.problems[0]?.at).toEqual({ line: 2, column: 23 });
  });

  it('may always change what is ours to keep', () => {
    const plan = shippedPlan('{"Lifetime": "6d", "IdleTimeout": "2h", "NotifyEmail": "alice@example.org"}', {
      running,
    });
    expect(plan).toMatchObject({ problems: [], changes: ['Lifetime', 'IdleTimeout', 'NotifyEmail'] });
  });

  it('is neither counted nor frozen again', () => {
    const limits = limitsFor({ frozen: 'budget' }, { clusters: 1 });
    const totals = { clusters: 1, usdThisMonth: 0 };
    expect(codes(shippedPlan('{}', { limits, totals }))).toEqual(['frozen', 'limit-clusters']);
    expect(codes(shippedPlan('{"ComputeMaxNodes": 11}', { running, limits, totals }))).toEqual([]);
  });

  it('may ask for less, or leave alone, what a lowered limit no longer allows', () => {
    const limits = limitsFor(
      {},
      { nodes: 3, usdPerHour: 0.01, usdPerMonth: 0.01, instanceTypes: ['t2.*'], spotPrice: 0.01 },
    );
    expect(codes(shippedPlan('{"ComputeMaxNodes": 8}', { running, limits }))).toEqual([]);
    expect(codes(shippedPlan('{"ComputeSpotPrice": 0.04}', { running, limits }))).toEqual([]);
    expect(codes(shippedPlan('{"NotifyEmail": "registered"}', { running, limits }))).toEqual([]);
    expect(codes(shippedPlan('{"ComputeMaxNodes": 11}', { running, limits }))).toEqual([
      'limit-nodes',
      'limit-usd-per-hour',
      'limit-usd-per-month',
    ]);
  });

  it('keeps what its blueprint fixes, whatever the defaults have become', () => {
    const { AutoscalingPolicy: _, ...parameters } = running.blueprint.parameters;
    const blueprint = {
      ...running.blueprint,
      parameters,
      defaults: { ...running.blueprint.defaults, AutoscalingPolicy: 'disabled' },
    };
    expect(
      codes(shippedPlan('{"AutoscalingPolicy": "enabled"}', { running: { ...running, blueprint } })),
    ).toEqual([]);
  });

  it('may live on with a price that nobody knows, but not grow or live longer', () => {
    const settings: Settings = {
      ...running.settings,
      ComputeInstanceType: 'p5e.48xlarge',
      ComputeSpotPrice: 'on-demand',
    };
    const unknown = { ...running, settings };
    expect(codes(shippedPlan('{"IdleTimeout": "2h"}', { running: unknown }))).toEqual([]);
    expect(codes(shippedPlan('{"ComputeMaxNodes": 9}', { running: unknown }))).toEqual([]);
    expect(codes(shippedPlan('{"Lifetime": "1d"}', { running: unknown }))).toEqual([]);
    expect(codes(shippedPlan('{"ComputeMaxNodes": 11}', { running: unknown }))).toEqual(['price-unknown']);
    expect(codes(shippedPlan('{"Lifetime": "6d"}', { running: unknown }))).toEqual(['price-unknown']);
    expect(codes(shippedPlan('{"ComputeInstanceType": "p5e.48xlarge"}', { running }))).toEqual([]);
    expect(
      codes(
        shippedPlan('{"ComputeInstanceType": "p5e.48xlarge", "ComputeSpotPrice": "on-demand"}', { running }),
      ),
    ).toEqual(['price-unknown']);
  });

  it('may shorten what a lowered limit no longer allows, but not lengthen it', () => {
    const limits = limitsFor({}, { longestLifetime: '2d' });
    expect(codes(shippedPlan('{"Lifetime": "4d"}', { running, limits }))).toEqual([]);
    expect(codes(shippedPlan('{"Lifetime": "6d"}', { running, limits }))).toEqual(['limit-lifetime']);
  });

  it('commits money only for the time that is left, or for a new Lifetime', () => {
    const perHour = shippedPlan('{"ComputeMaxNodes": 12}', { running }).price?.usdPerHour ?? 0;
    const limits = limitsFor({}, { usdPerMonth: perHour * 30 });
    const near = { ...running, remaining: 24 * HOUR };
    expect(codes(shippedPlan('{"ComputeMaxNodes": 12}', { running: near, limits }))).toEqual([]);
    expect(codes(shippedPlan('{"ComputeMaxNodes": 12}', { running, limits }))).toEqual([
      'limit-usd-per-month',
    ]);
    expect(codes(shippedPlan('{"Lifetime": "2d"}', { running: near, limits }))).toEqual([
      'limit-usd-per-month',
    ]);
  });

  it('is not blamed for a contradiction that it has lived with', () => {
    const settings: Settings = { ...running.settings, ComputeInitialNodes: 50 };
    const odd = { ...running, settings };
    expect(codes(shippedPlan('{"Lifetime": "6d"}', { running: odd }))).toEqual([]);
    expect(codes(shippedPlan('{"ComputeMaxNodes": 9}', { running: odd }))).toEqual(['too-many-at-once']);
  });
});

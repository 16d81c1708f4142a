import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProblemError, problem } from '../../src/core/problems.ts';
import { reconcile } from '../../src/engine/reconcile.ts';
import { portsThrough } from './ports-through.ts';
import { Town } from './town.ts';

describe('a request while its blueprints, limits or profile cannot be read', () => {
  let town: Town;
  beforeEach(async () => {
    town = await Town.open();
  });
  afterEach(() => town.close());

  /** Everything of the administrator's that the gate asks for, and nothing else. */
  const GATE = /^admin\.(?:get|list) "(?:installation|blueprints|limits|customizer|users)/;

  it.each([
    problem('aws-unreachable', { what: 'read ECONNRESET' }),
    problem('credentials-expired', { what: 'ExpiredToken' }),
  ])('waits for the next look, never refused: $code', async (trouble) => {
    await town.put('alice/one.cf-create');
    const labels = new Set<string>();
    await reconcile(
      portsThrough(town.world(), (label, call) => {
        if (GATE.test(label)) labels.add(label);
        return call();
      }),
      town.cluster('alice/one'),
    );
    expect(labels.size).toBeGreaterThan(3);

    for (const [index, broken] of [...labels].entries()) {
      const name = `alice/next-${index}`;
      await town.put(`${name}.cf-create`);
      const world = portsThrough(town.world(), (label, call) => {
        if (label === broken) throw new ProblemError(trouble);
        return call();
      });
      await expect(reconcile(world, town.cluster(name)), broken).rejects.toThrow(ProblemError);
      expect(town.read(`${name}.cf-failed`)).toBeUndefined();
      expect(town.read(`${name}.cf-create`)).toBe('{}');
      await reconcile(town.world(), town.cluster(name));
      expect((await town.stacks()).get(name), broken).toHaveLength(1);
    }
  });
});

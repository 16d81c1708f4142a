import { afterEach, beforeEach, expect, test } from 'vitest';
import { SimulatedReports } from '../../src/local/simulated-reports.ts';
import { Town } from '../engine/town.ts';

const HOUR = 3_600_000;

let town: Town;
beforeEach(async () => {
  town = await Town.open(['alice']);
});
afterEach(() => town.close());

test('a simulated cluster is idle from the start, and ends when it was asked to mind that', async () => {
  await town.put('alice/idle.cf-create', '{"IdleTimeout": "3h"}');
  await town.put('alice/free.cf-create', '{}');
  const world = town.world();
  const reports = new SimulatedReports(world);
  for (let minutes = 0; minutes < 240; minutes += 10) {
    await reports.tick();
    await town.converge({ horizon: HOUR / 6, world });
    if (minutes === 120) expect(town.files('alice')).toContain('idle.cf-created');
  }
  expect(town.files('alice')).toEqual([
    'free.cf-created',
    'free.cf-status',
    'idle.cf-deleted',
    'idle.cf-status',
  ]);
});

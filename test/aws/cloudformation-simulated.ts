import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { clientConfig } from '../../src/aws/access.ts';
import { CloudFormationStacks } from '../../src/aws/cloudformation-stacks.ts';
import type { Blueprint } from '../../src/core/blueprint.ts';
import type { StackOrder } from '../../src/engine/ports.ts';
import { SimulatedStacks } from '../../src/local/simulated-stacks.ts';
import {
  type CloudFormationServerOptions,
  startCloudFormationServer,
} from '../emulator/cloudformation-server.ts';
import { SLURM, slurmOrder } from '../local/slurm-orders.ts';

const INSTALLATION = 'clusterdrop-000000000000-us-east-1';

export interface SimulatedCloudFormationOptions extends Omit<CloudFormationServerOptions, 'stacks'> {
  readonly of?: Blueprint;
  /** How often the SDK tries; 1: every refusal is seen at once. */
  readonly attempts?: number;
}

/** `CloudFormationStacks` with the real SDK, on a simulated CloudFormation whose clock the test turns. */
export async function simulatedCloudFormation({
  of: blueprint = SLURM,
  attempts = 1,
  ...serverOptions
}: SimulatedCloudFormationOptions = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'clusterdrop-cloudformation-'));
  const faultsFile = join(folder, 'faults.json');
  let now = Date.UTC(2026, 10, 22, 12);
  const behind = new SimulatedStacks({
    folder: join(folder, 'stacks'),
    clock: { now: () => now },
    speed: 1,
    blueprintOf: () => Promise.resolve(blueprint),
    faultsFile,
  });
  const server = await startCloudFormationServer({ stacks: behind, ...serverOptions });
  const client = new CloudFormationClient({
    ...clientConfig({ endpoint: server.endpoint }, 'us-east-1'),
    maxAttempts: attempts,
    // Who tries once only has nothing to adapt to, and a test does not wait.
    ...(attempts === 1 && { retryMode: 'standard' as const }),
  });
  const stacks = new CloudFormationStacks({
    client,
    installationId: INSTALLATION,
    executionRole: 'arn:aws:iam::000000000000:role/clusterdrop-execution',
    templateOf: () => Promise.resolve({ body: '{}' }),
    blueprintOf: () => Promise.resolve(blueprint),
    instanceAddresses: () => Promise.reject(new Error('the template gives the address')),
  });
  return {
    stacks,
    behind,
    server,
    order: (overrides: Partial<StackOrder> = {}) =>
      slurmOrder({ ...overrides, tags: { ...overrides.tags, 'clusterdrop:installation': INSTALLATION } }),
    advance: (milliseconds: number) => {
      now += milliseconds;
    },
    script: (rules: readonly object[]) => writeFileSync(faultsFile, JSON.stringify({ version: 1, rules })),
    close: async () => {
      client.destroy();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

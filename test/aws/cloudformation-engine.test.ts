import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { clientConfig } from '../../src/aws/access.ts';
import { CloudFormationStacks } from '../../src/aws/cloudformation-stacks.ts';
import { blueprintAt } from '../../src/engine/blueprints.ts';
import { type CloudFormationServer, startCloudFormationServer } from '../emulator/cloudformation-server.ts';
import { Town } from '../engine/town.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const PATHS = ['alice/c', 'alice/sub/c', 'bob/c'];

// Hundreds of calls, each over a socket.
vi.setConfig({ testTimeout: 60_000 });

// The engine's own stories, with the SDK between it and the stacks: what moto, which has no work in progress, cannot tell.
describe.each(['answered', 'refused', 'forgotten'] as const)(
  'the engine on CloudFormation, with tokens used before %s',
  (tokens) => {
    let town: Town;
    let server: CloudFormationServer;
    let client: CloudFormationClient;
    beforeEach(async () => {
      town = await Town.open(['alice', 'bob']);
      server = await startCloudFormationServer({ stacks: town.world().stacks, tokens });
      client = new CloudFormationClient({
        ...clientConfig({ endpoint: server.endpoint }, 'us-east-1'),
        maxAttempts: 1,
        retryMode: 'standard',
      });
    });
    afterEach(async () => {
      client.destroy();
      await server.stop();
      town.close();
    });

    /** A process on AWS's side of the town. What only the simulation can tell, when the next thing happens, still comes from there. */
    function onAws(): ReturnType<Town['world']> {
      const world = town.world();
      const port = new CloudFormationStacks({
        client,
        installationId: world.installation.id,
        executionRole: 'arn:aws:iam::000000000000:role/clusterdrop-execution',
        templateOf: () => Promise.resolve({ body: '{}' }),
        blueprintOf: (ref) => blueprintAt(world, ref),
        instanceAddresses: () => Promise.reject(new Error('the template gives the address')),
      });
      const stacks = new Proxy(world.stacks, {
        get(simulated, key) {
          const owner = key in port ? port : simulated;
          const member: unknown = Reflect.get(owner, key, owner);
          return typeof member === 'function' ? (member.bind(owner) as unknown) : member;
        },
      });
      return { ...world, stacks };
    }
    const converge = (horizon?: number) =>
      town.converge({ world: onAws(), ...(horizon !== undefined && { horizon }) });
    const stack = async (path: string) => (await town.stacks()).get(path);

    test('a cluster comes, is changed, and goes', async () => {
      await town.put('alice/c.cf-create', '{"ComputeMaxNodes": 5}');
      await converge();
      expect(town.files('alice')).toEqual(['c.cf-created', 'c.cf-status']);
      await town.put('alice/c.cf-create', '{"ComputeMaxNodes": 9}');
      await converge();
      await town.put('alice/c.cf-create', '{"ComputeMaxNodes": 5}');
      await converge();
      expect(await stack('alice/c')).toMatchObject([
        { status: 'UPDATE_COMPLETE', parameters: { ComputeMaxNodes: '5' } },
      ]);
      await town.put('alice/c.cf-delete', '');
      await converge();
      expect(town.files('alice')).toEqual(['c.cf-deleted', 'c.cf-status']);
      expect(await town.stacks()).toEqual(new Map());
      expect(town.troubles).toEqual([]);
    });

    test('a failure is told with its cause and cleared, and the same text starts again', async () => {
      town.faults([{ do: 'fail', times: 1, resource: 'LoginNode', reason: 'no capacity' }]);
      await town.put('alice/c.cf-create', '{}');
      await converge();
      expect(town.read('alice/c.cf-failed')).toContain('no capacity');
      expect(await town.stacks()).toEqual(new Map());
      await town.put('alice/c.cf-create', '{}');
      await converge();
      expect(town.files('alice')).toEqual(['c.cf-created', 'c.cf-status']);
    });

    test('a stack that will not go is tried again, and goes', async () => {
      await town.put('alice/c.cf-create', '{}');
      await converge();
      town.faults([{ do: 'stick', attempts: 2 }]);
      await town.put('alice/c.cf-delete', '');
      await converge(3 * 60 * MINUTE);
      expect(town.files('alice')).toEqual(['c.cf-deleted', 'c.cf-status']);
      expect(await town.stacks()).toEqual(new Map());
    });

    test('the end comes by itself', async () => {
      await town.put('alice/c.cf-create', '{"Lifetime": "1d"}');
      await converge(DAY + 60 * MINUTE);
      expect(town.files('alice')).toEqual(['c.cf-deleted', 'c.cf-status']);
    });

    test('being asked to slow down again and again is nobody’s failure, and nothing is doubled', async () => {
      town.faults([{ do: 'throttle', on: ['describe', 'create', 'events'], every: 5 }]);
      for (const path of PATHS) await town.put(`${path}.cf-create`, '{}');
      await converge();
      for (const path of PATHS) expect(await stack(path)).toMatchObject([{ status: 'CREATE_COMPLETE' }]);
      expect([...town.files('alice'), ...town.files('bob')]).not.toContain('c.cf-failed');
      expect(town.troubles).toEqual([]);
    });

    test('several processes at once make one stack, and change it once', async () => {
      const atOnce = () => Promise.all(Array.from({ length: 4 }, () => town.reconcile('alice/c', onAws())));
      await town.put('alice/c.cf-create', '{"ComputeMaxNodes": 5}');
      await atOnce();
      await converge();
      await town.put('alice/c.cf-create', '{"ComputeMaxNodes": 9}');
      await atOnce();
      await converge();
      const [one, ...more] = (await stack('alice/c')) ?? [];
      expect(more).toEqual([]);
      const begun = [];
      for await (const event of town.world().stacks.events(one?.id ?? ''))
        if (event.type === 'AWS::CloudFormation::Stack' && /^\w+_IN_PROGRESS$/.test(event.status))
          begun.push(event.status);
      expect(begun).toEqual([
        'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
        'UPDATE_IN_PROGRESS',
        'CREATE_IN_PROGRESS',
      ]);
    });
  },
);

import { afterEach, beforeEach, expect, it } from 'vitest';
import { ControlStacks } from '../../../src/aws/installing/control-stacks.ts';
import { followStack, settled } from '../../../src/aws/installing/follow-stack.ts';
import { Interrupted, type Patience } from '../../../src/aws/installing/install-progress.ts';
import { simulatedCloudFormation } from '../cloudformation-simulated.ts';

/** What no emulator of others shows: stacks that take their time, and that fail. */
let world: Awaited<ReturnType<typeof simulatedCloudFormation>>;
let stacks: ControlStacks;
let said: string[];
let now: string[];
const stop = { now: new AbortController() };

beforeEach(async () => {
  world = await simulatedCloudFormation();
  stacks = new ControlStacks({ endpoint: world.server.endpoint }, 'hpc');
  [said, now, stop.now] = [[], [], new AbortController()];
});
afterEach(() => world.close());

const patience = (): Patience => ({
  signal: stop.now.signal,
  pause: async () => world.advance(20_000),
  progress: { say: (text) => void said.push(text), now: (text) => void now.push(text) },
});

const create = () =>
  stacks.create({
    part: 'engine',
    region: 'us-east-1',
    template: { TemplateBody: '{}' },
    parameters: world.order().parameters,
    tags: { 'clusterdrop:control': 'hpc' },
  });

it('tells each event once, as it comes, until the stack stands', async () => {
  await followStack(await create(), patience());
  expect(said[0]).toBe('  control-hpc-engine  control-hpc-engine  CREATE_IN_PROGRESS');
  expect(said.at(-1)).toBe('  control-hpc-engine  control-hpc-engine  CREATE_COMPLETE');
  expect(said.length).toBeGreaterThan(10);
  expect(said.length).toBe(new Set(said).size);
  expect(now).toContain('control-hpc-engine: CREATE_IN_PROGRESS');
});

it('tells the first cause of a creation that was rolled back, and such a stack can be cleared away', async () => {
  const reason = 'You have reached your quota';
  world.script([{ do: 'fail', on: 'create', resource: 'LoginNode', times: 1, reason }]);
  const operation = await create();
  await expect(followStack(operation, patience())).rejects.toMatchObject({
    problems: [
      {
        code: 'control-stack-failed',
        message: `the stack control-hpc-engine in us-east-1 is ROLLBACK_COMPLETE: LoginNode failed: ${reason}`,
      },
    ],
  });
  const { id } = operation;
  const removal = await stacks.remove({ part: 'engine', region: 'us-east-1', id });
  await followStack(removal, patience());
  expect(said.at(-1)).toContain('DELETE_COMPLETE');
});

it('tells why a stack does not go', async () => {
  const { id } = await created();
  world.script([{ do: 'stick', resource: 'LoginNode', attempts: 1, reason: 'It is in use' }]);
  const removal = await stacks.remove({ part: 'engine', region: 'us-east-1', id });
  await expect(followStack(removal, patience())).rejects.toMatchObject({
    problems: [{ message: expect.stringMatching(/is DELETE_FAILED: LoginNode failed: It is in use/) }],
  });
  // The next run begins anew.
  await followStack(await stacks.remove({ part: 'engine', region: 'us-east-1', id }), patience());
});

it('waits for what somebody else has begun, without a word about each event', async () => {
  const operation = await create();
  expect(await settled(operation, patience())).toBe('CREATE_COMPLETE');
  expect(said).toEqual([]);
});

it('stops waiting on request, and the stack goes on', async () => {
  const operation = await create();
  stop.now.abort();
  await expect(followStack(operation, patience())).rejects.toThrow(Interrupted);
  stop.now = new AbortController();
  expect(await settled(operation, patience())).toBe('CREATE_COMPLETE');
});

async function created() {
  const operation = await create();
  await followStack(operation, patience());
  return operation;
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { describeOnMoto } from '../emulator/moto.ts';
import type { Person } from './account.ts';
import { good, Installed, ROLES, STORE } from './installed.ts';
import type { Fate } from './proxy.ts';
import type { RecordedCall } from './recorded-call.ts';
import { numbersFrom } from './seeded.ts';

/** Long enough for one turn on a busy machine: a message that is given again too often ends among the dead letters. */
const VISIBILITY_SECONDS = 20;
const SWEEP_SECONDS = 5;
const LONG = 300_000;
const SEED = Number(process.env['CLUSTERDROP_SEED'] ?? Date.now() % 100_000);

describeOnMoto(
  `an installation that is disturbed (CLUSTERDROP_SEED=${SEED})`,
  () => {
    let town: Installed;
    let alice: Person;
    beforeAll(async () => {
      town = await Installed.open();
      await town.addBlueprint();
      alice = await town.addUser('alice');
      await town.admin('admin', 'limits', 'set', 'clusters=500', 'usdPerMonth=none');
      await town.startFunctions({ visibilitySeconds: VISIBILITY_SECONDS, sweepSeconds: SWEEP_SECONDS });
    }, LONG);
    afterEach(() => town.account.proxy.setFate(() => 'pass'));
    afterAll(() => town?.close());

    /** Many files with one call of the AWS CLI. */
    async function dropAll(folder: string, names: readonly string[], text: string): Promise<void> {
      const from = join(town.account.folder, `drops-${folder}-${names[0] ?? ''}`);
      mkdirSync(from, { recursive: true });
      for (const name of names) writeFileSync(join(from, name), text);
      good(
        ['s3 cp'],
        await town.account.aws(alice, [
          's3',
          'cp',
          '--recursive',
          '--quiet',
          from,
          `${STORE}/home/alice/${folder}/`,
        ]),
      );
    }

    const named = (folder: string, suffix: string) => async () =>
      (await town.files('alice')).filter((name) => name.startsWith(`${folder}/`) && name.endsWith(suffix));
    const stacksNamed = async (folder: string) =>
      (await town.stacks()).filter(({ Tags = [] }) =>
        Tags.some(
          ({ Key, Value }) => Key === 'clusterdrop:path-0' && Value?.startsWith(`home/alice/${folder}/`),
        ),
      );

    /** A whole life of many clusters, whatever happens meanwhile: exactly the wanted stacks, every drop answered, nothing doubled. */
    async function lives(folder: string, count: number, calm: () => void): Promise<void> {
      const names = Array.from({ length: count }, (_, n) => `c${n}`);
      await dropAll(
        folder,
        [...names.map((name) => `${name}.cf-create`), 'bad.cf-create.txt'],
        '{"ComputeMaxNodes": 3}',
      );
      await town.until(
        `${count} addresses`,
        async () => (await named(folder, '.cf-created')()).length === count,
        { longest: LONG },
      );
      expect((await stacksNamed(folder)).length).toBe(count);
      await town.until(
        'the near miss is answered',
        async () => (await named(folder, 'bad.cf-failed')()).length === 1,
      );
      await dropAll(
        folder,
        names.map((name) => `${name}.cf-delete`),
        '',
      );
      await town.until(`${count} ends`, async () => (await named(folder, '.cf-deleted')()).length === count, {
        longest: LONG,
      });
      calm();
      await town.until('nothing is left', async () => (await stacksNamed(folder)).length === 0);
      await town.until('every drop is answered', async () =>
        (await named(folder, '')()).every((name) => !/\.cf-(?:create|delete|created)$/.test(name)),
      );
      expect(await town.instances()).toEqual([]);
    }

    async function deadLetters(): Promise<string> {
      const { Attributes } = await town.account.awsJson<{
        Attributes: { ApproximateNumberOfMessages: string };
      }>(town.administrator, [
        'sqs',
        'get-queue-attributes',
        '--queue-url',
        await town.queueUrl('clusterdrop-dead-letters'),
        '--attribute-names',
        'ApproximateNumberOfMessages',
      ]);
      return Attributes.ApproximateNumberOfMessages;
    }

    test('killed at twenty moments', async () => {
      const next = numbersFrom(SEED);
      let [calls, kills] = [0, 0];
      let at = 5 + next(25);
      town.account.proxy.setFate(({ caller }) => {
        if (caller !== ROLES.reconcile || kills >= 20 || ++calls < at) return 'pass';
        // Before the call arrives, or just after it was done and before anybody knows.
        const fate: Fate = next(2) === 0 ? 'lost-answer' : 'pass';
        town.killFunction('reconcile');
        kills++;
        [calls, at] = [0, 5 + next(25)];
        town.restartFunction('reconcile', VISIBILITY_SECONDS);
        return fate;
      });
      await lives('killed', 12, () => undefined);
      expect(kills).toBe(20);
    });

    test('with calls to S3 and CloudFormation that fail, are slowed down, or whose answers get lost', async () => {
      const next = numbersFrom(SEED + 1);
      const tally: Record<Fate, number> = { pass: 0, 'slow-down': 0, error: 0, 'lost-answer': 0 };
      const fates: Fate[] = ['slow-down', 'error', 'lost-answer'];
      const isOurs = ({ caller, service }: RecordedCall) =>
        Object.values<string>(ROLES).includes(caller) && ['s3', 'cloudformation'].includes(service);
      town.account.proxy.setFate((call) => {
        const fate: Fate = isOurs(call) && next(10) === 0 ? (fates[next(3)] ?? 'error') : 'pass';
        tally[fate]++;
        return fate;
      });
      await lives('failing', 8, () => town.account.proxy.setFate(() => 'pass'));
      for (const fate of fates) expect(tally[fate], fate).toBeGreaterThan(3);
      // A service in trouble is nobody's mistake: nothing of it is kept for people to look at.
      expect(await deadLetters()).toBe('0');
    });

    test('with messages that come twice, in the wrong order, or never', async () => {
      town.killFunction('reconcile');
      const queue = await town.queueUrl();
      await dropAll('lost', ['c0.cf-create', 'c1.cf-create'], '{}');
      await town.account.awsJson(town.administrator, ['sqs', 'purge-queue', '--queue-url', queue]);
      await dropAll('lost', ['c2.cf-create', 'c3.cf-create'], '{}');
      // Not at once with its creation: the AWS CLI uploads side by side, and the later of the two rules.
      await dropAll('lost', ['c2.cf-delete'], '');
      const bodies: string[] = [];
      for (;;) {
        const { Messages = [] } = await town.account.awsJson<{ Messages?: { Body: string }[] }>(
          town.administrator,
          ['sqs', 'receive-message', '--queue-url', queue, '--max-number-of-messages', '10'],
        );
        if (Messages.length === 0) break;
        bodies.push(...Messages.map(({ Body }) => Body));
      }
      expect(bodies.length).toBeGreaterThan(2);
      for (const body of [...bodies, ...bodies.toReversed()])
        await town.account.awsJson(town.administrator, [
          'sqs',
          'send-message',
          '--queue-url',
          queue,
          '--message-body',
          body,
        ]);
      town.restartFunction('reconcile', VISIBILITY_SECONDS);
      // Dropped before its end, in one go or one after the other: c2 is gone in any case.
      await town.until('three clusters', async () => (await named('lost', '.cf-created')()).length === 3, {
        longest: LONG,
      });
      await town.until('one end', async () => (await named('lost', 'c2.cf-deleted')()).length === 1);
      expect((await stacksNamed('lost')).length).toBe(3);
      await dropAll('lost', ['c0.cf-delete', 'c1.cf-delete', 'c3.cf-delete'], '');
      await town.until('all ends', async () => (await stacksNamed('lost')).length === 0, { longest: LONG });
    });

    test('nobody was refused anything by the deployed policies', () => {
      expect([...town.gate.refused]).toEqual([]);
    });
  },
  { timeout: 2 * LONG },
);

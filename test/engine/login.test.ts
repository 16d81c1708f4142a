import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StackReport } from '../../src/engine/ports.ts';
import { HOST_KEY } from '../report/samples.ts';
import { type Passage, portsThrough } from './ports-through.ts';
import { Town } from './town.ts';

let town: Town;
beforeEach(async () => {
  town = await Town.open();
});
afterEach(() => town.close());

const status = () => JSON.parse(town.read('alice/c.cf-status') ?? '{}');

/** The same world, with stacks that tell more. */
function telling(more: Partial<StackReport>): ReturnType<Town['world']> {
  const passage: Passage = async (label, call) => {
    const said = await call();
    return label.startsWith('stacks.describe') && said
      ? { ...said, ...more, outputs: { ...(said as unknown as StackReport).outputs, ...more.outputs } }
      : said;
  };
  return portsThrough(town.world(), passage);
}

test('what a stack tells of logging in is carried like its address', async () => {
  const keyFile = '/tmp/an example/keys/alice';
  const outputs = { LoginPort: '2222', LoginHostKey: `${HOST_KEY} root@login\n`, LoginKeyFile: keyFile };
  await town.put('alice/c.cf-create');
  await town.converge({ world: telling({ outputs }) });
  expect(status().ssh).toMatchObject({ hostKey: HOST_KEY, port: 2222, keyFile });
  expect(status().ssh.command).toMatch(
    /^ssh -i '\/tmp\/an example\/keys\/alice' -o IdentitiesOnly=yes -p 2222 -o HostKeyAlias=c-[0-9a-f]{12} -o StrictHostKeyChecking=accept-new alice@[\d.]+$/,
  );
  expect(JSON.stringify(town.letters())).toContain('ready');
  expect(town.holds('HostKeyAlias=c-')).toBe(true);
  // It stands in the ledger: a look that sees less of the stack changes nothing.
  const before = town.snapshot();
  await town.converge({ horizon: 60_000 });
  expect(town.snapshot()).toBe(before);
});

test('nonsense is left out', async () => {
  const outputs = { LoginPort: '22; id', LoginHostKey: 'ssh-ed25519 x', LoginKeyFile: '-oProxyCommand=id' };
  await town.put('alice/c.cf-create');
  await town.converge({ world: telling({ outputs }) });
  expect(status().ssh).toEqual({ command: `ssh alice@${status().address}`, hostKey: null });
});

test('an entry that was written before there was such a thing is as good', async () => {
  await town.put('alice/c.cf-create');
  await town.converge();
  const { admin } = town.world();
  const object = await admin.get('ledger/alice.json');
  const text = new TextDecoder().decode(object?.body).replace(/"login":\{[^}]*\},/, '');
  expect(text).not.toContain('"login"');
  await admin.put('ledger/alice.json', text);
  await town.converge();
  expect(status().ssh).toEqual({ command: `ssh alice@${status().address}`, hostKey: null });
});

test('progress counts what a stack is made of, where that is not as the blueprint says', async () => {
  await town.put('alice/c.cf-create');
  const world = telling({ resources: 3 });
  await town.reconcile('alice/c', world);
  expect(status()).toMatchObject({ state: 'starting', progress: { total: 3 } });
});

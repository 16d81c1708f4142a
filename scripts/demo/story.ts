import { join } from 'node:path';
import { chapter, check, say, show } from './narrator.ts';
import type { Stage } from './stage.ts';
import { until } from './until.ts';

const EXAMPLE = join(import.meta.dirname, '..', '..', 'examples', 'guide.cf-create');

export async function creating(stage: Stage): Promise<void> {
  const { alice } = stage;
  chapter('Alice drops a file and gets a cluster');
  alice.copyIn(EXAMPLE, 'mycluster.cf-create');
  say('She copies the example of the quick start guide into her folder:');
  show('home/alice/mycluster.cf-create', alice.read('mycluster.cf-create'));
  await until('mycluster.cf-created', () => alice.isReady('mycluster'));
  show('home/alice/mycluster.cf-created', alice.read('mycluster.cf-created'));
  check(/^\d+(?:\.\d+){3}\n$/.test(alice.read('mycluster.cf-created')), 'it holds one address, nothing else');
  check(!alice.has('mycluster.cf-create'), 'mycluster.cf-create is gone');

  const { state, ends, price, next } = await until('the status', () => alice.running('mycluster'));
  const excerpt = { state, ends, price: price?.estimate, next };
  show('home/alice/mycluster.cf-status (some of it)', JSON.stringify(excerpt, null, 2));
  check(ends !== undefined, 'it runs, and it has an end');
  check((price?.usdPerHour ?? 0) > 0, 'its price is known');
  const subject = await until('a mail', () => stage.letters('mycluster of alice is ready')[0]);
  show('outbox/', `Subject: ${subject}`);
}

export async function mistakes({ alice }: Stage): Promise<void> {
  chapter('Alice makes mistakes');
  const text = '{\n  "ComputeMaxNodes": "twenty-five",\n  "ComputMaxNodes": 4,\n  "ComputeSpotPrice": 5\n}\n';
  alice.drop('wrong.cf-create', text);
  await until('wrong.cf-failed', () => alice.has('wrong.cf-failed') && !alice.has('wrong.cf-create'));
  const reply = alice.read('wrong.cf-failed');
  show('home/alice/wrong.cf-failed', reply, 20);
  const named = ['"twenty-five"', 'no key "ComputMaxNodes"', 'ComputeSpotPrice is 5'];
  check(
    named.every((words) => reply.includes(words)),
    'one answer names all three mistakes',
  );
  check(reply.endsWith(`\n${text}`), 'and gives her file back');

  say('Her editor adds an ending to a name:');
  alice.drop('x.cf-create.txt', '{}\n');
  await until('x.cf-failed', () => alice.has('x.cf-failed'));
  show('home/alice/x.cf-failed', alice.read('x.cf-failed'), 7);
  check(alice.read('x.cf-failed').includes('Rename it to "x.cf-create"'), 'she is told the right name');
  check(
    alice.has('x.cf-create.txt') && !alice.has('x.cf-created'),
    'her file stays, and nothing was started',
  );
}

export async function neighbours(stage: Stage): Promise<void> {
  const { alice, bob, system } = stage;
  chapter('Bob uses the same name');
  show('clusterdrop admin add-user bob', system.command('admin', 'add-user', 'bob'));
  const before = { files: alice.snapshot(), stacks: stage.stacks('alice') };
  bob.drop('mycluster.cf-create', '{}\n');
  await until("bob's mycluster.cf-created", () => bob.isReady('mycluster'));
  const [hers, his] = [alice, bob].map((home) => home.read('mycluster.cf-created').trim());
  check(hers !== his, `his cluster has an address of its own: ${his}, not ${hers}`);
  bob.drop('mycluster.cf-delete', '');
  await until("bob's mycluster.cf-deleted", () => bob.isGone('mycluster'));
  say(`Bob has deleted his. His folder: ${bob.names().join(', ')}`);
  check(alice.snapshot() === before.files, "no file of alice's has changed, neither its bytes nor its time");
  check(stage.stacks('alice').join() === before.stacks.join(), "nor has alice's stack");
  check(stage.stacks('bob').length === 0, "bob's stack is gone");
}

export async function changing(stage: Stage): Promise<void> {
  const { alice } = stage;
  chapter('Alice changes her cluster');
  const address = alice.read('mycluster.cf-created');
  alice.drop('mycluster.cf-create', '{"ComputeMaxNodes": 40}\n');
  show('home/alice/mycluster.cf-create', alice.read('mycluster.cf-create'));
  const changed = await until('the change', () => {
    const status = alice.isReady('mycluster') ? alice.running('mycluster') : undefined;
    return status?.drop?.outcome === 'done' && status.settings?.['ComputeMaxNodes'] === 40 && status.settings;
  });
  const { ComputeMaxNodes, ComputeInstanceType } = changed;
  show(
    'home/alice/mycluster.cf-status (some of it)',
    JSON.stringify({ ComputeMaxNodes, ComputeInstanceType }),
  );
  check(ComputeInstanceType === 'r4.large', 'what she did not name is as it was');
  check(alice.read('mycluster.cf-created') === address, 'it is the same cluster at the same address');
  check(stage.stacks('alice').length === 1, 'and still one stack');
}

export async function killing(stage: Stage): Promise<void> {
  const { alice, system } = stage;
  chapter('Somebody pulls the plug while a cluster is being built');
  alice.drop('second.cf-create', '{}\n');
  await until('second to be begun', () => alice.status('second')?.state === 'starting');
  // One that is just being sent when the plug is pulled would come two minutes later.
  await until('a mail', () => stage.letters('second of alice is starting')[0]);
  await system.end('SIGKILL');
  say('kill -9. What lies there now:');
  show('home/alice/', alice.names().join('\n'));
  check(!alice.has('second.cf-created') && alice.has('second.cf-create'), 'the request still lies there');
  await system.start();
  say('The system is started again.');
  await until('second.cf-created', () => alice.isReady('second'));
  await until('a mail', () => stage.letters('second of alice is ready')[0]);
  check(
    stage.stacks('alice').length === 2,
    'mycluster and second have one stack each: nothing lost, nothing doubled',
  );
  for (const turn of ['starting', 'ready'])
    check(stage.letters(`second of alice is ${turn}`).length === 1, `one mail says that second is ${turn}`);
  show('clusterdrop list', system.command('list', '--user', 'alice'));
}

export async function deleting(stage: Stage): Promise<void> {
  const { alice } = stage;
  chapter('Alice is done');
  alice.drop('mycluster.cf-delete', '');
  say('She drops an empty file mycluster.cf-delete.');
  await until('mycluster.cf-deleted', () => alice.isGone('mycluster'));
  show('home/alice/mycluster.cf-deleted', alice.read('mycluster.cf-deleted'), 7);
  check(!alice.has('mycluster.cf-created'), 'mycluster.cf-created is gone');
  check(stage.stacks('alice').length === 1, 'her other cluster runs on');
}

export async function stopping({ system }: Stage): Promise<void> {
  chapter('Ctrl-C');
  const code = await system.end('SIGINT');
  show('clusterdrop local', system.lastLine);
  check(code === 0, 'the system stops in order, with exit code 0');
}

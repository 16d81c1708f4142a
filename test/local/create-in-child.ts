import { once } from 'node:events';
import { SimulatedStacks } from '../../src/local/simulated-stacks.ts';
import { SLURM, slurmOrder } from './slurm-orders.ts';

/** Run as a process of its own: once it is told to, wants all of the given names, and prints which it got. */
const [folder = '', token = '', ...names] = process.argv.slice(2);
const stacks = new SimulatedStacks({
  folder,
  clock: Date,
  speed: 1,
  blueprintOf: () => Promise.resolve(SLURM),
});
process.stdout.write('ready\n');
await once(process.stdin, 'data');
const got: string[] = [];
for (const name of names) {
  const outcome = await stacks.create(slurmOrder({ name, token }));
  if (outcome.kind === 'begun') got.push(name);
}
process.stdout.write(JSON.stringify(got));
process.stdin.destroy();

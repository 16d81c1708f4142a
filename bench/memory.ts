import { openLocalTown } from './local-town.ts';
import { startAll } from './start-all.ts';

/** Prints the memory of this process, in MiB, with so many running clusters: run it in a process of its own, with `--expose-gc`. */
const clusters = Number(process.argv[2]);
const town = await openLocalTown(100, 1e5);
try {
  await startAll(town, clusters);
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  console.log(JSON.stringify({ rssMiB: rss / 2 ** 20, heapMiB: heapUsed / 2 ** 20 }));
} finally {
  town.close();
}

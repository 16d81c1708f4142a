import { readdirSync, readFileSync } from 'node:fs';

/**
 * MiB that the processes of a lab have for themselves, with their share of what they have in common: hosts, their shims, and the engine.
 * All of them descend from the lab's first process.
 */
export function labMemoryMiB(first: number): number {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = /^PPid:\t(\d+)$/m.exec(textOf(`/proc/${name}/status`))?.[1];
    if (parent !== undefined) parents.set(Number(name), Number(parent));
  }
  const isBelow = (process: number | undefined): boolean =>
    process === first || (process !== undefined && isBelow(parents.get(process)));
  let kiB = 0;
  for (const process of parents.keys())
    if (isBelow(process))
      kiB += Number(/^Pss:\s+(\d+)/m.exec(textOf(`/proc/${process}/smaps_rollup`))?.[1] ?? 0);
  return kiB / 1024;
}

/** Nothing of a process that has just ended. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

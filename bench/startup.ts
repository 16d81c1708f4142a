import { spawnSync } from 'node:child_process';
import { median } from './median.ts';

export interface StartupResult {
  readonly command: string;
  readonly ms: number;
  /** Against `node -e 0`, measured in turns with it. */
  readonly ratio: number;
}

const COMMANDS = [
  ['--help'],
  ['problems'],
  ['list', '--user', 'alice'],
  ['status', 'mycluster', '--user', 'alice'],
];

/** Start-up of the built command line: medians of `rounds`, the bare runtime and the command taking turns. */
export function measureStartup(dir: string, rounds: number): { bareMs: number; commands: StartupResult[] } {
  const time = (args: readonly string[]) => {
    const begin = performance.now();
    spawnSync(process.execPath, args, { stdio: 'ignore', env: { ...process.env, CLUSTERDROP_DIR: dir } });
    return performance.now() - begin;
  };
  const bare: number[] = [];
  const times = COMMANDS.map((): number[] => []);
  for (let round = -1; round < rounds; round++) {
    const bareTime = time(['-e', '0']);
    const commandTimes = COMMANDS.map((args) => time(['dist/clusterdrop.js', ...args]));
    // The first round only warms up.
    if (round < 0) continue;
    bare.push(bareTime);
    for (const [n, ms] of commandTimes.entries()) times[n]?.push(ms);
  }
  const bareMs = median(bare);
  return {
    bareMs,
    commands: COMMANDS.map((args, n) => ({
      command: `clusterdrop ${args.join(' ')}`,
      ms: median(times[n] ?? []),
      ratio: median(times[n] ?? []) / bareMs,
    })),
  };
}

import type { ContainersResult } from './containers.ts';

export function containersTable(result: ContainersResult): string[] {
  const { bareRun, bareRuns, nodes } = result;
  const row = (what: string, goal: string, seconds: number, bare: number) =>
    `| ${what} | ${seconds.toFixed(2)} | ${goal} | ${(seconds / bare).toFixed(1)} |`;
  const mib = (what: string, value: number) => `| ${what} | ${value.toFixed(0)} |`;
  return [
    '| clusters in containers | seconds | goal | against the bare engine |',
    '|---|---|---|---|',
    row('bare engine: `docker run` of the same image, doing nothing', '', bareRun, bareRun),
    row('from the drop to a login by ssh', '2', result.login, bareRun),
    row('`srun -N2 hostname` on a cluster without nodes', '3', result.coldRun, bareRun),
    row('from the deletion to nothing left, two nodes', '', result.tearDown, bareRun),
    row(`bare engine: ${nodes} such runs at once`, '', bareRuns, bareRuns),
    row(
      `\`srun -N${nodes} hostname\` on a cluster without nodes`,
      nodes === 24 ? '15' : '',
      result.coldRunOnAll,
      bareRuns,
    ),
    row(`from the deletion to nothing left, ${nodes} nodes`, '', result.tearDownOfAll, bareRuns),
    '',
    '| memory at rest, shared pages divided | MiB |',
    '|---|---|',
    mib('a login host, with what the engine runs for it', result.loginHostMiB),
    mib('a compute host, with what the engine runs for it', result.computeHostMiB),
    mib('the engine itself', result.engineMiB),
  ];
}

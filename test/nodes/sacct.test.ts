import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HostFolder } from './host-folder.ts';
import { hasTool } from './tools.ts';

let host: HostFolder;
beforeEach(() => {
  host = new HostFolder();
  host.command('squeue', '');
  // As slurm/record-job writes them; the second ran twice.
  const job = (id: number, state: string, nodes: string, partition = 'compute') =>
    `${id}\t\t\thello\talice\t${partition}\t\t2\t1\t${nodes}\t${state}\t0:0\t1000\t1100\t1${id}00\t1:00:00\t/home/alice\n`;
  const jobs = [
    job(2, 'COMPLETED', 'node-1'),
    job(3, 'NODE_FAIL', 'node-[2-3]'),
    job(3, 'COMPLETED', 'node-4'),
  ];
  host.write('home/.slurm/finished-jobs', `${jobs.join('')}${job(4, 'FAILED', 'node-10', 'leaving')}`);
});
afterEach(() => host.remove());

function sacct(...options: string[]) {
  const file = host.path('usr/local/lib/clusterdrop/bin/sacct');
  const env = { PATH: `${host.path('bin')}:${process.env['PATH']}`, TZ: 'UTC', PYTHONDONTWRITEBYTECODE: '1' };
  const { stdout, stderr } = spawnSync('python3', [file, '-anP', '-S', '1970-01-01', ...options], { env });
  return { rows: String(stdout).trim().split('\n'), err: String(stderr) };
}

describe.runIf(hasTool('python3'))('sacct', () => {
  it('shows fields that are not recorded here as empty columns', () => {
    const { rows, err } = sacct('-j', '2', '--format=JobID,MaxRSS,reqmem%20,AveCPU,CPUTime,TotalCPU,State');
    expect({ rows, err }).toEqual({ rows: ['2||||00:03:20||COMPLETED'], err: '' });
  });

  it('refuses a field that no sacct has', () => {
    expect(sacct('--format=JobID,MaxRRS').err).toContain('there is no field MaxRRS');
  });

  it.each([
    [[], ['2 COMPLETED', '3 COMPLETED', '4 FAILED']],
    [['-D'], ['2 COMPLETED', '3 NODE_FAIL', '3 COMPLETED', '4 FAILED']],
    [
      ['-N', 'node-[1-2],node-10'],
      ['2 COMPLETED', '4 FAILED'],
    ],
    [['-D', '--nodelist=node-3'], ['3 NODE_FAIL']],
    [
      ['-r', 'compute,other'],
      ['2 COMPLETED', '3 COMPLETED'],
    ],
  ])('with %s it shows those jobs', (options, jobs) => {
    expect(sacct('-o', 'JobID,State', ...options).rows.map((row) => row.replace('|', ' '))).toEqual(jobs);
  });

  it('shows all fields that have values with -l', () => {
    const { rows } = sacct('-j', '4', '-l');
    expect(rows).toHaveLength(1);
    expect(rows[0]?.split('|')).toEqual(
      expect.arrayContaining(['4', 'hello', 'leaving', 'node-10', '/home/alice']),
    );
  });

  it('says which fields have values', () => {
    const help = sacct('--help').rows.join(' ').replaceAll(/\s+/g, ' ');
    expect(help).toContain('These fields have values: JobID, ');
    expect(help).toContain("Slurm's other fields are empty columns.");
  });
});

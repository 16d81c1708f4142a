import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareFolder } from '../src/local/prepare-folder.ts';
import { missing } from '../test/containers/requirements.ts';
import { awsLivesTable, inconstancy } from './aws-lives-table.ts';
import { measureContainers } from './containers.ts';
import { containersTable } from './containers-table.ts';
import { type DropsResult, measureDrops } from './drops.ts';
import { measureFunctions } from './functions.ts';
import { loopbackOnly } from './loopback-only.ts';
import { measureAwsLives } from './measure-aws-lives.ts';
import { median } from './median.ts';
import { measureStartup } from './startup.ts';
import { measureSweep } from './sweep.ts';

// npm run bench [-- --quick] [-- --write]: measures, prints a table, and with --write puts it into docs/performance.md.
// npm run bench -- containers [--quick] [--write]: the same for clusters in containers, as root.

loopbackOnly();
const quick = process.argv.includes('--quick');
const write = process.argv.includes('--write');
const sizes = quick ? [20, 100] : [100, 1000, 10_000];
const rounds = quick ? 1 : 3;
const lines: string[] = [];
const say = (line = '') => {
  lines.push(line);
  console.log(line);
};
const fixed = (value: number, digits = 1) => value.toFixed(digits);

say(
  `Measured on ${cpus().length} cores (${cpus()[0]?.model.trim()}), Node ${process.versions.node}, temporary files in ${tmpdir().startsWith('/dev/shm') ? 'memory' : 'a folder of the disk'}.`,
);
say();
if (process.argv.includes('containers')) await containers();
else await everythingElse();

async function everythingElse(): Promise<void> {
  await drops();
  await sweeps();
  memory();
  await startup();
  await functions();
  const broken = await awsLives();
  if (broken !== undefined) {
    console.error(broken);
    process.exitCode = 1;
  } else if (write) insert('figures');
}

async function containers(): Promise<void> {
  const lacking = missing();
  if (lacking !== undefined) {
    console.log(`Clusters in containers were not measured: ${lacking}`);
    return;
  }
  for (const line of containersTable(await measureContainers(quick ? 1 : 5, quick ? 4 : 24))) say(line);
  if (write) insert('figures of containers');
}

async function drops(): Promise<void> {
  await measureDrops(sizes[0] ?? 1);
  const results: DropsResult[] = [];
  for (const size of sizes) {
    // The smallest takes a moment only and varies most; the largest is an average in itself.
    const repeats = Array.from({ length: size >= 10_000 ? 1 : rounds });
    const measured: DropsResult[] = [];
    for (const _ of repeats) measured.push(await measureDrops(size));
    results.push({
      drops: size,
      seconds: median(measured.map((one) => one.seconds)),
      cpuMsPerDrop: median(measured.map((one) => one.cpuMsPerDrop)),
    });
  }
  const base = results[0]?.cpuMsPerDrop ?? Number.NaN;
  say('| drops at once, by 100 users | drops per second | CPU for each, ms | against the first row |');
  say('|---|---|---|---|');
  for (const { drops: count, seconds, cpuMsPerDrop } of results)
    say(
      `| ${count} | ${fixed(count / seconds, 0)} | ${fixed(cpuMsPerDrop)} | ${fixed(cpuMsPerDrop / base, 2)} |`,
    );
  say();
}

async function sweeps(): Promise<void> {
  say('| sweep of clusters | calls of ports | of these | nudges | seconds |');
  say('|---|---|---|---|---|');
  for (const size of quick ? [100] : [1000, 10_000]) {
    const { clusters, total, calls, nudges, seconds } = await measureSweep(size);
    const parts = Object.entries(calls).map(([name, count]) => `${count} ${name}`);
    say(`| ${clusters} | ${total} | ${parts.join(', ')} | ${nudges} | ${fixed(seconds, 2)} |`);
  }
  say();
}

function memory(): void {
  const measure = (clusters: number): { rssMiB: number; heapMiB: number } =>
    JSON.parse(
      execFileSync(
        process.execPath,
        ['--expose-gc', '--import', 'tsx', join(import.meta.dirname, 'memory.ts'), String(clusters)],
        { encoding: 'utf8' },
      ),
    );
  const few = measure(1);
  const many = measure(quick ? 100 : 1000);
  say('| clusters running | resident memory, MiB | heap in use, MiB | against one cluster |');
  say('|---|---|---|---|');
  say(`| 1 | ${fixed(few.rssMiB, 0)} | ${fixed(few.heapMiB, 0)} | 1.00 |`);
  say(
    `| ${quick ? 100 : 1000} | ${fixed(many.rssMiB, 0)} | ${fixed(many.heapMiB, 0)} | ${fixed(many.rssMiB / few.rssMiB, 2)} |`,
  );
  say();
}

async function startup(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'clusterdrop-bench-'));
  await prepareFolder(dir);
  writeFileSync(join(dir, 'bucket', 'home', 'alice', 'mycluster.cf-create'), '{}');
  execFileSync(process.execPath, ['build.mjs'], { stdio: 'inherit' });
  const { bareMs, commands } = measureStartup(dir, quick ? 3 : 25);
  rmSync(dir, { recursive: true, force: true });
  say('| start-up | ms | against `node -e 0` |');
  say('|---|---|---|');
  say(`| node -e 0 | ${fixed(bareMs, 0)} | 1.00 |`);
  for (const { command, ms, ratio } of commands) say(`| ${command} | ${fixed(ms, 0)} | ${fixed(ratio, 2)} |`);
}

async function functions(): Promise<void> {
  const { entryBytes, zipBytes, bareBytes, importMs, bareImportMs } = await measureFunctions(quick ? 3 : 25);
  const kB = (bytes: number) => fixed(bytes / 1000, 0);
  say();
  say('| function that reconciles | kB read at start | import, ms | against the bare SDK clients |');
  say('|---|---|---|---|');
  say(`| bare clients of S3, CloudFormation, SQS | ${kB(bareBytes)} | ${fixed(bareImportMs)} | 1.00 |`);
  say(
    `| reconcile.mjs (zip of all functions: ${kB(zipBytes)} kB) | ${kB(entryBytes)} | ${fixed(importMs)} | ${fixed(importMs / bareImportMs, 2)} |`,
  );
}

/** @returns what is not as promised */
async function awsLives(): Promise<string | undefined> {
  const lives = await measureAwsLives(quick ? [1] : [1, 5, 30], quick ? [0, 100] : [0, 100, 1000]);
  say();
  if (!lives) {
    say("A cluster's life on AWS was not measured, for moto is missing: pip install 'moto[server]'");
    return undefined;
  }
  for (const line of awsLivesTable(lives)) say(line);
  return inconstancy(lives.rows);
}

/** Between the two marks of the page; its words stay. */
function insert(mark: string): void {
  const path = join(import.meta.dirname, '..', 'docs', 'performance.md');
  const [head, rest] = readFileSync(path, 'utf8').split(`<!-- ${mark} -->\n`);
  const tail = rest?.split(`<!-- end of ${mark} -->`)[1];
  if (head === undefined || tail === undefined) throw new Error(`${path} has no marks for the ${mark}`);
  writeFileSync(path, `${head}<!-- ${mark} -->\n${lines.join('\n')}\n<!-- end of ${mark} -->${tail}`);
}

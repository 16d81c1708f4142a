import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { build } from 'esbuild';
import { median } from './median.ts';

export interface FunctionsResult {
  /** What Lambda reads and runs before the first message: the entry and everything that it imports at once, bytes. */
  readonly entryBytes: number;
  /** All of the uploaded zip, bytes. */
  readonly zipBytes: number;
  readonly bareBytes: number;
  readonly importMs: number;
  readonly bareImportMs: number;
}

/** The clients that the reconcile function uses, and nothing else: what cannot be had for less. */
const BARE = `
export { S3Client, GetObjectCommand, HeadObjectCommand, PutObjectCommand, DeleteObjectCommand, ListObjectsV2Command, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
export { CloudFormationClient, CreateStackCommand, UpdateStackCommand, DeleteStackCommand, DescribeStacksCommand, DescribeStackEventsCommand, DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
export { SQSClient, SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { S3Client } from '@aws-sdk/client-s3';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { SQSClient } from '@aws-sdk/client-sqs';
for (const Client of [S3Client, CloudFormationClient, SQSClient]) new Client({ region: 'eu-west-2' });
`;

/** Size and import time of the reconcile function as built into `dist/`, against the bare SDK clients bundled alike; the two take turns. */
export async function measureFunctions(rounds: number): Promise<FunctionsResult> {
  const folder = mkdtempSync(join(tmpdir(), 'clusterdrop-bare-'));
  // In the checkout, so that the packages are found.
  const source = join('dist', 'bare-clients.ts');
  mkdirSync('dist', { recursive: true });
  writeFileSync(source, BARE);
  await build({
    entryPoints: [source],
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    mainFields: ['module', 'main'],
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);",
    },
    minify: true,
    keepNames: true,
    logLevel: 'error',
  });
  rmSync(source);
  const entry = join('dist', 'functions', 'reconcile.mjs');
  const bare = join(folder, 'bare-clients.mjs');
  const times: Record<'entry' | 'bare', number[]> = { entry: [], bare: [] };
  for (let round = -1; round < rounds; round++) {
    const pair = { bare: importMs(bare), entry: importMs(entry) };
    // The first round only warms up.
    if (round < 0) continue;
    times.bare.push(pair.bare);
    times.entry.push(pair.entry);
  }
  const result = {
    entryBytes: bytesOf(entry),
    zipBytes: statSync(join('dist', 'functions.zip')).size,
    bareBytes: bytesOf(bare),
    importMs: median(times.entry),
    bareImportMs: median(times.bare),
  };
  rmSync(folder, { recursive: true });
  return result;
}

/** In a process of its own, from just before the import to just after. */
function importMs(path: string): number {
  const script = `const begin = performance.now(); await import(${JSON.stringify(resolve(path))}); console.log(performance.now() - begin);`;
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }));
}

/** A file and all that it imports at once; what it loads later does not count. */
export function bytesOf(path: string, seen = new Set<string>()): number {
  if (seen.has(path)) return 0;
  seen.add(path);
  const text = readFileSync(path, 'utf8');
  let bytes = Buffer.byteLength(text);
  for (const [, target = ''] of text.matchAll(
    /(?:^|[;}\s])(?:import|export)\s*(?:[^"'();]*?from\s*)?["'](\.[^"']+)["']/g,
  ))
    bytes += bytesOf(join(dirname(path), target), seen);
  return bytes;
}

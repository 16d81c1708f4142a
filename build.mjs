// Bundles the command line into dist/ (or the folder that is named): one small entry, one chunk for each command that needs more.

import { existsSync } from 'node:fs';
import { chmod, rm } from 'node:fs/promises';
import { build } from 'esbuild';

if (!existsSync('src/cli/clusterdrop.ts')) process.exit(0);
const outdir = process.argv[2] ?? 'dist';
await rm(outdir, { recursive: true, force: true });
await build({
  entryPoints: ['src/cli/clusterdrop.ts'],
  outdir,
  bundle: true,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  platform: 'node',
  target: 'node20',
  format: 'esm',
  mainFields: ['module', 'main'],
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);",
  },
  minify: false,
  logLevel: 'warning',
});
await chmod(`${outdir}/clusterdrop.js`, 0o755);

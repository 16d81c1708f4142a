// Bundles into dist/ (or the folder that is named): the command line, one small entry and a chunk for each command that needs
// more; and the functions of an installation on AWS, as the zip that "clusterdrop admin deploy" uploads.

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { zipSync } from 'fflate';

if (!existsSync('src/cli/clusterdrop.ts')) process.exit(0);
const outdir = process.argv[2] ?? 'dist';
await rm(outdir, { recursive: true, force: true });

// Parts of the container engine's client that we have no use for: engines behind ssh, and BuildKit's own protocol.
const UNUSED = /^(?:ssh2|protobufjs|@grpc\/grpc-js|@grpc\/proto-loader)$/;
const leftOut = {
  name: 'left-out',
  setup(bundle) {
    bundle.onResolve({ filter: UNUSED }, ({ path }) => ({ path, namespace: 'left-out' }));
    bundle.onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({ contents: 'module.exports = {};' }));
  },
};

const common = {
  bundle: true,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  plugins: [leftOut],
  platform: 'node',
  target: 'node20',
  format: 'esm',
  mainFields: ['module', 'main'],
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);",
  },
  logLevel: 'warning',
};
await build({ ...common, entryPoints: ['src/cli/clusterdrop.ts'], outdir });
await chmod(`${outdir}/clusterdrop.js`, 0o755);

const functions = `${outdir}/functions`;
await build({
  ...common,
  entryPoints: ['reconcile', 'sweep', 'prices'].map((name) => `src/aws/functions/${name}.ts`),
  outdir: functions,
  outExtension: { '.js': '.mjs' },
  // Lambda reads it at every cold start.
  minify: true,
  keepNames: true,
});
const files = readdirSync(functions, { recursive: true, withFileTypes: true })
  .filter((file) => file.isFile())
  .map((file) => join(file.parentPath, file.name).slice(functions.length + 1))
  .toSorted();
const data = 'data/ec2-instance-types.json';
const contents = [
  ...files.map((name) => [name, readFileSync(join(functions, name))]),
  [data, readFileSync(data)],
];
// The same content is the same zip, whenever and wherever it is made: its hash says whether an upgrade changes anything.
writeFileSync(
  `${outdir}/functions.zip`,
  zipSync(Object.fromEntries(contents), { level: 9, mtime: new Date(1980, 0, 1) }),
);

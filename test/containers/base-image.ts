import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../shipped.ts';

const run = promisify(execFile);

/** Where images and labs lie: on a disk, since overlay2 does not work in memory. */
export const LAB_FOLDER = process.env['CLUSTERDROP_LAB_CACHE'] ?? '/var/tmp/clusterdrop-lab';

/** The Debian that hosts are made of: the one that the blueprint takes by itself, and the next one. */
export type Suite = 'bookworm' | 'trixie';
/** Nobody reads them in a test, and each lab unpacks all that is there. */
const LEFT_OUT = ['/usr/share/doc/*', '/usr/share/man/*', '/usr/share/locale/*', '/usr/share/info/*'];

/** A Debian with all the packages of a host, as a tar: made once for each list of packages, by a few minutes of downloading. */
export async function baseImageTar(suite: Suite = 'bookworm'): Promise<string> {
  const packages = packagesOfHosts();
  const options = [
    '--variant=minbase',
    ...LEFT_OUT.map((path) => `--dpkgopt=path-exclude=${path}`),
    `--include=${packages.join(',')}`,
  ];
  const hash = createHash('sha256').update(JSON.stringify(options)).digest('hex').slice(0, 12);
  const tar = join(LAB_FOLDER, `base-${suite}-${hash}.tar`);
  if (existsSync(tar)) return tar;
  mkdirSync(LAB_FOLDER, { recursive: true });
  console.log(`Making ${tar} (once)`);
  // Two at a time both make one; the second to be done replaces the first by the same.
  const unfinished = `${tar}.${process.pid}.tar`;
  try {
    await run('mmdebstrap', ['--quiet', ...options, suite, unfinished, await debianMirror()], {
      // The disk, not memory: a whole Debian lies there for a moment.
      env: { ...process.env, TMPDIR: LAB_FOLDER },
      maxBuffer: 1 << 26,
    });
    // Those of other lists are of no use any more; who reads one just now keeps it open.
    const others = new RegExp(`^base-${suite}-[0-9a-f]{12}\\.tar$`);
    for (const name of readdirSync(LAB_FOLDER)) if (others.test(name)) rmSync(join(LAB_FOLDER, name));
    renameSync(unfinished, tar);
  } finally {
    rmSync(unfinished, { force: true });
  }
  return tar;
}

function packagesOfHosts(): string[] {
  const text = readFileSync(join(root, 'blueprints', 'slurm', 'node', 'packages.txt'), 'utf8');
  // The last is what the image has and a machine of its own has not.
  return [...text.replaceAll(/#.*/g, '').split(/\s+/).filter(Boolean), 'tini'];
}

/** The one that this machine's apt is set up for, whatever Debian this is. */
async function debianMirror(): Promise<string> {
  const { stdout } = await run('apt-get', [
    'indextargets',
    '--format',
    '$(REPO_URI) $(CODENAME) $(ORIGIN)',
    'Identifier: Packages',
  ]);
  const found = /^(\S+) (?:bookworm|trixie) Debian$/m.exec(stdout)?.[1];
  return found ?? 'http://deb.debian.org/debian';
}

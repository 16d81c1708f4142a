import { spawnSync } from 'node:child_process';

/**
 * Whether a program is there that every host of a cluster has, and this machine need not have. Says what to install where it is not;
 * the whole check fails there instead.
 */
export function hasTool(name: 'jq' | 'python3'): boolean {
  if (spawnSync(name, ['--version']).status === 0) return true;
  const lacking = `node scripts: some tests need ${name} (Debian: sudo apt-get install ${name})`;
  if (process.env['CI'] !== undefined) throw new Error(lacking);
  console.warn(`${lacking}; they are skipped`);
  return false;
}

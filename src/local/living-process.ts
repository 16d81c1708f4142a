import { readFileSync, readlinkSync } from 'node:fs';

/**
 * What tells this process from every other that ever had its number: `<boot>.<pid namespace>.<start time>` on Linux,
 * `0` where the system does not say.
 */
export const OWN_START = startOf(process.pid) ?? '0';

/**
 * Whether the process that wrote down `pid` and `start` still runs.
 * A process of another pid namespace (a container sharing the folder) cannot be judged from here and counts as alive.
 */
export function isAlive(pid: number, start: string): boolean {
  const own = OWN_START.split('.');
  const [boot, namespace] = start.split('.');
  const judgeable = OWN_START !== '0' && start !== '0';
  if (judgeable && boot !== own[0]) return false;
  if (judgeable && namespace !== own[1]) return true;
  if (!hasProcess(pid)) return false;
  if (!judgeable) return true;
  const now = startOf(pid);
  // Unreadable: it ended this moment, or /proc hides other people's processes.
  return now === undefined ? hasProcess(pid) : now === start;
}

function hasProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, and not ours.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** `ended` for a zombie: dead, though nobody has collected it yet (usual in containers without an init). */
function startOf(pid: number): string | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The command's name stands in brackets and may itself hold brackets and blanks: count from the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state] = fields;
    if (state === 'Z' || state === 'X') return 'ended';
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1')
      .replace(/-/g, '')
      .slice(0, 12)
      .trim();
    const namespace = /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '';
    return `${boot}.${namespace}.${fields[19]}`;
  } catch {
    return undefined;
  }
}

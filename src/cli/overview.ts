import { COMMANDS } from './command-list.ts';

const RESEARCHER = ['create', 'status', 'delete'];
const MORE = ['list', 'check', 'ssh', 'get', 'put', 'key', 'doctor', 'problems'];

/** What somebody sees who types nothing but the name. */
export function overview(): string {
  return `Clusterdrop: drop a file in a bucket, get an HPC cluster. Drop another, and it is gone.

You need three commands:

    clusterdrop create NAME --wait    ${summaryOf('create')}
    clusterdrop status NAME           ${summaryOf('status')}
    clusterdrop delete NAME           ${summaryOf('delete')}

More for you:

${lines(MORE, (name) => name)}

Your installation is in a bucket? Name it once: --store s3://BUCKET. It is remembered. What is
meant comes from --store or --dir, else CLUSTERDROP_STORE or CLUSTERDROP_DIR, else what is
remembered, else the folder ./clusterdrop-data.

No account? This runs everything on your machine: real clusters with Docker or Podman,
simulated ones without:

    clusterdrop local

For the administrator (clusterdrop admin ...):

${lines(adminCommands(), (name) => name.slice('admin '.length))}

An installation in an account needs nobody's machine; one of yours can do the work as well:

    clusterdrop serve

Help:  clusterdrop help COMMAND, or COMMAND --help.  Every command knows --json.
`;
}

export function adminOverview(): string {
  return `Usage: clusterdrop admin COMMAND

${lines(adminCommands(), (name) => name.slice('admin '.length))}

Help:  clusterdrop help admin COMMAND.  Every command knows --json.
`;
}

function adminCommands(): string[] {
  return Object.keys(COMMANDS).filter((name) => name.startsWith('admin '));
}

/** Commands that no group above names still have to be found: `local` and `serve` stand in paragraphs of their own. */
export function isShown(name: string): boolean {
  return [...RESEARCHER, ...MORE, ...adminCommands(), 'local', 'serve'].includes(name);
}

function lines(names: readonly string[], shown: (name: string) => string): string {
  const width = Math.max(...names.map((name) => shown(name).length));
  return names.map((name) => `    ${shown(name).padEnd(width)}   ${summaryOf(name)}`).join('\n');
}

function summaryOf(name: string): string {
  return COMMANDS[name]?.summary ?? '';
}

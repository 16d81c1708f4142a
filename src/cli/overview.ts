import { COMMANDS } from './command-list.ts';

const RESEARCHER = ['create', 'status', 'delete'];
const MORE = ['list', 'check', 'problems'];

/** What somebody sees who types nothing but the name. */
export function overview(): string {
  return `Clusterdrop: drop a file in a bucket, get an HPC cluster. Drop another, and it is gone.

You need three commands:

    clusterdrop create NAME --wait    ${summaryOf('create')}
    clusterdrop status NAME           ${summaryOf('status')}
    clusterdrop delete NAME           ${summaryOf('delete')}

More for you:

${lines(MORE, (name) => name)}

No account? This runs everything on your machine, with simulated clusters:

    clusterdrop local

For the administrator (clusterdrop admin ...):

${lines(adminCommands(), (name) => name.slice('admin '.length))}

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

/** Commands that no group above names still have to be found: `local` stands in a paragraph of its own. */
export function isShown(name: string): boolean {
  return [...RESEARCHER, ...MORE, ...adminCommands(), 'local'].includes(name);
}

function lines(names: readonly string[], shown: (name: string) => string): string {
  const width = Math.max(...names.map((name) => shown(name).length));
  return names.map((name) => `    ${shown(name).padEnd(width)}   ${summaryOf(name)}`).join('\n');
}

function summaryOf(name: string): string {
  return COMMANDS[name]?.summary ?? '';
}

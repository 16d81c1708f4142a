import type { Command, Terminal } from './command.ts';

/** Every command by its words, loaded when it is called: `clusterdrop list` need not read what `local` needs. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  local: async () => (await import('./commands/local.ts')).local,
};

export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const load = COMMANDS[args[0] ?? ''];
  if (!load) {
    terminal.err('no such command\n');
    return 2;
  }
  return (await load()).run(args.slice(1), terminal);
}

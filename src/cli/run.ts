import { callProblem } from '../aws/call-problem.ts';
import { nearest } from '../core/nearest.ts';
import { type Problem, ProblemError, problem } from '../core/problems.ts';
import type { Terminal } from './command.ts';
import { COMMANDS, type ListedCommand } from './command-list.ts';
import { adminOverview, overview } from './overview.ts';
import { tellProblems } from './tell-problems.ts';

/** Runs one command line. Whatever goes wrong is told in words. @returns the exit code. */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const end = args.indexOf('--');
  const options = end < 0 ? args : args.slice(0, end);
  try {
    return await runWords(commandFirst(args), options, terminal);
  } catch (error) {
    if (terminal.env['CLUSTERDROP_DEBUG'] === '1' && error instanceof Error) terminal.err(`${error.stack}\n`);
    return tellProblems(terminal, problemsOf(error), options.includes('--json'));
  }
}

async function runWords(
  args: readonly string[],
  options: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const [first = 'help'] = args;
  if (['--version', '-V', 'version'].includes(first)) {
    const { versionOf } = await import('./version.ts');
    terminal.out(`${versionOf()}\n`);
    return 0;
  }
  if (['help', '--help', '-h'].includes(first)) return help(args.slice(1), terminal);
  if (first === 'admin' && (args[1] === undefined || args[1].startsWith('-')))
    return help(['admin'], terminal);
  const { command, rest } = find(args);
  const loaded = await command.load();
  if (options.includes('--help') || options.includes('-h')) {
    terminal.out(`${loaded.help}\n`);
    return 0;
  }
  return loaded.run(rest, terminal);
}

/** `--dir X list` means `list --dir X`: whoever writes an alias begins like that. */
function commandFirst(args: readonly string[]): readonly string[] {
  const first = behindPlace(args, 0);
  if (args[first] !== 'admin')
    return [...args.slice(first, first + 1), ...args.slice(0, first), ...args.slice(first + 1)];
  const second = behindPlace(args, first + 1);
  // Behind the command's words, but before an end of options.
  const between = [...args.slice(0, first), ...args.slice(first + 1, second)];
  return ['admin', ...args.slice(second, second + 1), ...between, ...args.slice(second + 1)];
}

/** Where the options end that say which installation is meant, and how to answer. */
function behindPlace(args: readonly string[], from: number): number {
  let at = from;
  for (let arg = args[at]; arg !== undefined; arg = args[at]) {
    if (arg === '--store' || arg === '--dir' || arg === '--user') at += 2;
    else if (arg === '--json' || /^--(?:store|dir|user)=/.test(arg)) at += 1;
    else break;
  }
  return Math.min(at, args.length);
}

async function help(words: readonly string[], terminal: Terminal): Promise<number> {
  const named = words.filter((word) => !word.startsWith('-'));
  if (named.length === 0) terminal.out(overview());
  else if (named.join(' ') === 'admin') terminal.out(adminOverview());
  else terminal.out(`${(await find(named).command.load()).help}\n`);
  return 0;
}

/** @throws ProblemError `unknown-command` */
function find(args: readonly string[]): { command: ListedCommand; rest: readonly string[] } {
  const words = args[0] === 'admin' ? 2 : 1;
  const name = args.slice(0, words).join(' ');
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command) return { command, rest: args.slice(words) };
  // `clusterdrop users` is an administrator's command without its first word.
  const near = Object.hasOwn(COMMANDS, `admin ${name}`)
    ? `admin ${name}`
    : nearest(name, Object.keys(COMMANDS))[0];
  throw new ProblemError(problem('unknown-command', { found: name, nearest: near }));
}

function problemsOf(error: unknown): readonly Problem[] {
  if (error instanceof ProblemError) return error.problems;
  const onAws = callProblem(error);
  if (onAws) return [onAws];
  const { code, syscall, message } = Object(error) as NodeJS.ErrnoException;
  // EACCES, ENOSPC and their like are nobody's bug.
  if (typeof code === 'string' && typeof syscall === 'string')
    return [problem('system-refused', { what: message })];
  return [problem('bug', { what: error instanceof Error ? error.message : String(error) })];
}

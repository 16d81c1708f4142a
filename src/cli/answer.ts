import { visibleJson } from '../core/report/visible.ts';
import type { Terminal } from './command.ts';
import type { ReadOptions } from './options.ts';

/** The answer of a command, for people or, with `--json`, as one document that other programs rely on. */
export function answer(
  terminal: Terminal,
  options: ReadOptions,
  document: Readonly<Record<string, unknown>>,
  text: () => string,
): void {
  terminal.out(options.has('json') ? jsonText(document) : text());
}

/** The same in one line, for what goes on: one document for each turn of events. */
export function jsonLine(document: Readonly<Record<string, unknown>>): string {
  return `${visibleJson(JSON.stringify({ version: 1, ...document }))}\n`;
}

/** Nothing in it moves a terminal's cursor, and it reads back as the same values. */
export function jsonText(document: Readonly<Record<string, unknown>>): string {
  return `${visibleJson(JSON.stringify({ version: 1, ...document }, null, 2))}\n`;
}

#!/usr/bin/env node
import { processTerminal } from './process-terminal.ts';
import { run } from './run.ts';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

process.exitCode = await run(process.argv.slice(2), processTerminal(stop.signal));

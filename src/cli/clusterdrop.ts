#!/usr/bin/env node
import { processTerminal } from './process-terminal.ts';
import { run } from './run.ts';

// `clusterdrop list | head -1`: whoever reads has had enough, which is no failure.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

process.exitCode = await run(process.argv.slice(2), processTerminal(stop.signal));

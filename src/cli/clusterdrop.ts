#!/usr/bin/env node
import { processTerminal } from './process-terminal.ts';
import { run } from './run.ts';

// The SDK's advice on versions of Node is for us, who bundle it: it would be told to everybody at each command.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

process.exitCode = await run(process.argv.slice(2), processTerminal(stop.signal));

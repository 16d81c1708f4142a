// Tells the whole story of a few clusters by itself, on the program that was built, and shows the files as it goes.
// Exit code 0 only when everything in it held. It needs no account, and leaves nothing behind.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { say } from './demo/narrator.ts';
import { Stage } from './demo/stage.ts';
import { changing, creating, deleting, killing, mistakes, neighbours, stopping } from './demo/story.ts';

const dir = mkdtempSync(join(tmpdir(), 'clusterdrop-demo-'));
const stage = new Stage(dir);
process.once('exit', () => {
  stage.system.abandon();
  rmSync(dir, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

try {
  say(
    'Everything here happens in a temporary folder. Clusters are simulated, sixty times faster than on AWS.',
  );
  await stage.system.start();
  for (const part of [creating, mistakes, neighbours, changing, killing, deleting, stopping])
    await part(stage);
  say('\nThat is the whole story, and all of it held.');
} catch (error) {
  say(`\nThe demo ends here: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  await stage.system.end('SIGKILL');
}

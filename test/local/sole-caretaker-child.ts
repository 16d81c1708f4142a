import { once } from 'node:events';
import { SoleCaretaker } from '../../src/local/containers/sole-caretaker.ts';

/** Run as a process of its own: takes the post of a folder, says whether it got it, and keeps it until it is ended. */
const [folder = ''] = process.argv.slice(2);
process.stdout.write(`${await new SoleCaretaker(folder).take()}\n`);
// Nobody else would keep this process alive.
process.stdin.resume();
await once(process.stdin, 'end');

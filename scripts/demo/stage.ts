import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StackRecord } from '../../src/local/stack-record.ts';
import { Home } from './home.ts';
import { System } from './system.ts';

/** Where the story plays: the system, the two users' folders, the letters and the stacks. */
export class Stage {
  readonly system: System;
  readonly alice: Home;
  readonly bob: Home;
  readonly #dir: string;

  constructor(dir: string) {
    this.#dir = dir;
    this.system = new System(dir);
    this.alice = new Home(dir, 'alice');
    this.bob = new Home(dir, 'bob');
  }

  /** Subjects of the letters sent until now that begin like this. */
  letters(subject: string): string[] {
    return textsIn(join(this.#dir, 'outbox'), (name) => name.endsWith('.eml'))
      .flatMap((text) => /^Subject: (.*)$/m.exec(text)?.[1]?.trim() ?? [])
      .filter((found) => found.startsWith(subject));
  }

  /** Records of one user's stacks that are not gone, as they are kept. */
  stacks(user: string): string[] {
    const folder = join(this.#dir, '.clusterdrop', 'stacks', 'living');
    return textsIn(folder, (name) => name.startsWith(`clusterdrop-${user}-`)).filter(isKept);
  }
}

/** Its record stays for a moment when a stack has been deleted. */
function isKept(record: string): boolean {
  return (JSON.parse(record) as StackRecord).operations.every(({ kind }) => kind !== 'delete');
}

function textsIn(folder: string, isMeant: (name: string) => boolean): string[] {
  return readdirSync(folder)
    .filter(isMeant)
    .toSorted()
    .map((name) => readFileSync(join(folder, name), 'utf8'));
}

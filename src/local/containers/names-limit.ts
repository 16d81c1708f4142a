/** More files than anybody looks at; beyond, they are to be packed. */
const MOST_FILES = 100_000;
/** Of all names together, in characters: they are in memory at once. */
const MOST_NAMES = 16 * 1024 * 1024;

/** How much is looked at of what one user has: there may be no end of it. */
export class NamesLimit {
  #count = 0;
  #length = 0;

  add(name: string): void {
    this.#count += 1;
    this.#length += name.length;
  }

  isReached(): boolean {
    return this.#count >= MOST_FILES || this.#length >= MOST_NAMES;
  }
}

/** That there was more, for people. */
export function tooMany(done = 'saved'): string {
  return `there are more than ${MOST_FILES} files, or their names come to more than ${MOST_NAMES / 1024 / 1024} MB: what is beyond is not ${done}; pack what belongs together (tar)`;
}

/** Why a file stays where it is; in the order in which people are told. */
const REASONS = [
  'no room',
  'something else lies in its place',
  'its place is closed',
  'unreadable',
  'a name that a bucket cannot hold',
] as const;
export type Reason = (typeof REASONS)[number];

const SHOWN = 3;
const MOST_NAME = 60;

/** Files that could not be copied, and why: of each reason how many, and the first few by name. There may be a great many. */
export class LeftOut {
  readonly #byReason = new Map<Reason, { count: number; names: string[] }>();

  add(reason: Reason, path: string): void {
    const of = this.#byReason.get(reason) ?? { count: 0, names: [] };
    of.count += 1;
    if (of.names.length < SHOWN) of.names.push(JSON.stringify(path.slice(0, MOST_NAME)));
    this.#byReason.set(reason, of);
  }

  /** For people. `undefined`: there are none. */
  words(done = 'saved'): string | undefined {
    const told = REASONS.flatMap((reason) => {
      const { count, names } = this.#byReason.get(reason) ?? { count: 0, names: [] };
      if (count === 0) return [];
      const more = count > names.length ? ` and ${count - names.length} more` : '';
      return [`${names.join(', ')}${more} (${reason})`];
    });
    if (told.length === 0) return undefined;
    const all = [...this.#byReason.values()].reduce((sum, { count }) => sum + count, 0);
    return `${all} ${all === 1 ? 'file' : 'files'} could not be ${done}: ${told.join('; ')}`;
  }
}

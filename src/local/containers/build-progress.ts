import { stripVTControlCharacters } from 'node:util';
import { visibleLine } from '../../core/report/visible.ts';

/** So long nothing need be told of a step that goes on: the longest, packages that are fetched, says hundreds of lines. */
const EVERY = 5000;
const KEPT = 15;

/** What a person is told of the build of an image, of all that the engine says: each step as it begins, and now and then where it is. */
export class BuildProgress {
  readonly #said: string[] = [];
  #step = '';
  #toldAt = 0;

  /** `now` counts milliseconds. @returns what is to be told, if anything */
  hear(said: string, now: number): string | undefined {
    const lines = stripVTControlCharacters(said)
      .split(/[\r\n]/)
      .map((line) => line.trim())
      .filter((line) => line !== '');
    const line = lines.at(-1);
    if (line === undefined) return undefined;
    this.#said.push(...lines);
    this.#said.splice(0, this.#said.length - KEPT);
    // As Docker says it, or Podman.
    const [step] = /^step \d+\/\d+/i.exec(line) ?? [];
    if (step === undefined && now - this.#toldAt < EVERY) return undefined;
    this.#toldAt = now;
    if (step === undefined) return `${this.#step}: ${visibleLine(line, 100)}`;
    this.#step = step;
    return line;
  }

  /** The last lines that the engine said: where a build has failed, they tell why. */
  lastLines(): readonly string[] {
    return this.#said;
  }
}

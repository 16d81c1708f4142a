import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { sha256Hex } from '../core/sha256.ts';
import { type Call, type FaultRule, type FaultsFile, matches } from './fault-rules.ts';
import { readFaults } from './read-faults.ts';

/** Looked up at every call, so that a person can change the control file while everything runs. */
export class ScriptedFaults {
  readonly #file: string | undefined;
  readonly #counts: string;
  #read: { readonly stamp: string; readonly faults: FaultsFile } | undefined;

  constructor(file: string | undefined, folder: string) {
    mkdirSync(folder, { recursive: true });
    this.#file = file;
    this.#counts = join(folder, 'fault-counts.json');
  }

  /** Rules that speak of this call, in the file's order. Throws `BadFaultsFile`. */
  matching(call: Call, stackName: string): readonly FaultRule[] {
    return this.#rules().filter((rule) => matches(rule, call, stackName));
  }

  /**
   * Those of `rules` whose turn it is now; counting rules have counted this call afterwards. Inside the folder's lock only, or two
   * processes count as one.
   */
  takeSync(rules: readonly FaultRule[]): readonly FaultRule[] {
    if (!rules.some(isCounting)) return rules;
    const counts = this.#readCounts();
    const due = rules.filter((rule) => {
      if (!isCounting(rule)) return true;
      const key = sha256Hex(JSON.stringify(rule)).slice(0, 16);
      const count = (counts[key] ?? 0) + 1;
      counts[key] = count;
      const turn = rule.every === undefined || count % rule.every === 0;
      return turn && (rule.times === undefined || count <= rule.times * (rule.every ?? 1));
    });
    const tmp = `${this.#counts}.${process.pid}.tmp`;
    writeFileSync(tmp, `${JSON.stringify({ version: 1, counts })}\n`);
    renameSync(tmp, this.#counts);
    return due;
  }

  #rules(): readonly FaultRule[] {
    if (this.#file === undefined) return [];
    const stats = statSync(this.#file, { bigint: true, throwIfNoEntry: false });
    if (!stats) return [];
    const stamp = `${stats.ino}-${stats.mtimeNs}-${stats.ctimeNs}-${stats.size}`;
    if (this.#read?.stamp !== stamp)
      this.#read = { stamp, faults: readFaults(readFileSync(this.#file, 'utf8'), basename(this.#file)) };
    return this.#read.faults.rules;
  }

  #readCounts(): Record<string, number> {
    try {
      const { counts } = JSON.parse(readFileSync(this.#counts, 'utf8')) as {
        counts: Record<string, number>;
      };
      return counts;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
      throw error;
    }
  }
}

/** Whether a rule has to remember how often it was asked. */
export function isCounting(rule: FaultRule): boolean {
  return rule.times !== undefined || rule.every !== undefined;
}

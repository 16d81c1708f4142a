/** `fail`: something that people rely on does not work. `warn`: it works, but somebody should look. */
export type Level = 'ok' | 'warn' | 'fail';

/** What one look at one thing came to, in words. */
export interface Verdict {
  readonly level: Level;
  /** What is so: lower-case start unless a name, no full stop. */
  readonly what: string;
  /** How to mend it: imperative sentences, commands each on a line of their own. */
  readonly fix?: string;
}

/** A verdict and what was looked at. */
export interface Finding extends Verdict {
  readonly check: string;
}

export const ok = (what: string): Verdict => ({ level: 'ok', what });
export const warn = (what: string, fix: string): Verdict => ({ level: 'warn', what, fix });
export const fail = (what: string, fix: string): Verdict => ({ level: 'fail', what, fix });

const LEVELS: readonly Level[] = ['ok', 'warn', 'fail'];

/** The worst of them; of nothing, `ok`. */
export function worstOf(findings: readonly Pick<Verdict, 'level'>[]): Level {
  return LEVELS[Math.max(0, ...findings.map(({ level }) => LEVELS.indexOf(level)))] ?? 'ok';
}

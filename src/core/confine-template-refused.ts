import { type Problem, problem } from './problems.ts';

/** Something that no change of ours makes right: where it is, what is wrong with it, what to do instead (a sentence without its full stop). */
export function refused(where: string, what: string, instead: string): Problem {
  return problem('not-confinable', { where, what, instead });
}

import type { Decision, Step } from '../decision.ts';
import { belowHome, type Cluster } from '../identity.ts';
import { type Instant, isoOf } from '../instant.ts';
import { visibleLine } from './visible.ts';

/** What happened: a status, or a decision of which a step is the news. */
export type Turn = Decision | { readonly state: string; readonly why: string };

/** `15:04:05  alice/mycluster           starting   the cluster is being built`. Time in UTC; nothing in it moves a terminal's cursor. */
export function eventLine(at: Instant, { path }: Cluster, turn: Turn): string {
  const who = visibleLine(belowHome(path), 80);
  const what = 'state' in turn ? visibleLine(turn.state, 20) : WORDS[turn.step.kind];
  return `${isoOf(at).slice(11, 19)}  ${who.padEnd(24)}  ${what.padEnd(9)}  ${visibleLine(turn.why, 300)}`;
}

/** What a step looks like from outside, in the states' own words where there is one. */
const WORDS: Readonly<Record<Step['kind'], string>> = {
  // What is as it was needs no word of its own: the reason says it.
  rest: '',
  adopt: 'found',
  confirm: 'starting',
  'fold-update': 'running',
  'note-ready': 'ready',
  'note-ended': 'gone',
  'note-stuck': 'stuck',
  'note-failed': 'failed',
  'note-update-failed': 'failed',
  warn: 'ending',
  start: 'starting',
  update: 'updating',
  accept: 'accepted',
  deliver: 'running',
  refuse: 'refused',
  'discard-delete': 'cleaning',
  'remove-stack': 'stopping',
  finish: 'gone',
  forget: 'cleaning',
  release: 'cleaning',
};

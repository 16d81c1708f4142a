import { MINUTE } from '../../core/instant.ts';
import { JsonLog } from '../json-log.ts';
import { type AwsWorld, awsWorld, functionPlace, systemClock } from '../world.ts';

export interface FunctionWorld extends AwsWorld {
  readonly log: JsonLog;
}

/** An administrator's change of `installation.json` holds after so long at the latest. */
const KEPT = 5 * MINUTE;

let kept: { readonly at: number; readonly world: Promise<FunctionWorld> } | undefined;

/** The world of this function, kept from one invocation to the next. */
export function functionWorld(): Promise<FunctionWorld> {
  const now = systemClock.now();
  if (!kept || now - kept.at > KEPT) kept = { at: now, world: open() };
  // What failed is tried again by the next invocation.
  kept.world.catch(() => (kept = undefined));
  return kept.world;
}

async function open(): Promise<FunctionWorld> {
  return (await awsWorld({
    ...functionPlace(),
    log: (installation, clock) => new JsonLog((line) => console.log(line), clock, installation.id),
  })) as FunctionWorld;
}

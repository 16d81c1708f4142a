import type { Instant } from '../../core/instant.ts';
import type { World } from '../world.ts';

/** An installation, as far as every world has one. */
export interface EngineSubject extends Pick<World, 'installation' | 'admin' | 'users' | 'stacks'> {
  readonly now: Instant;
  /** What must be added to a command that is proposed, so that it means this installation: ` --store s3://bucket`. */
  readonly flags: string;
}

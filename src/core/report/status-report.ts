import { isoOf } from '../instant.ts';
import type { SeenReport } from '../seen-report.ts';
import type { StatusReport } from './status-shape.ts';

/** A report as a status shows it: without what changes with time alone, and nothing as the present that is not. */
export function reportShown({ told, isFresh, idleSince }: SeenReport): StatusReport {
  const { nodes, jobs, sessions, disk, standing = [], files } = told;
  const kept = files && filesShown(files);
  if (!isFresh) return { silentSince: isoOf(told.at), notices: standing, ...(kept && { files: kept }) };
  return {
    ...(nodes && { nodes }),
    ...(jobs && { jobs }),
    ...(sessions !== undefined && { sessions }),
    ...(disk && { disk }),
    notices: [...standing, ...told.notices],
    ...(kept && { files: kept }),
    ...(idleSince !== undefined && { idleSince: isoOf(idleSince) }),
  };
}

/** While a cluster is taken down: what stands in the way, and what is saved. `undefined` when nobody told. */
export function reportOfEnd({ told: { standing = [], files } }: SeenReport): StatusReport | undefined {
  return standing.length === 0
    ? undefined
    : { notices: standing, ...(files && { files: filesShown(files) }) };
}

function filesShown({
  savedAt,
  ...rest
}: NonNullable<SeenReport['told']['files']>): NonNullable<StatusReport['files']> {
  return { ...(savedAt !== undefined && { savedAt: isoOf(savedAt) }), ...rest };
}

import { durationOf } from '../core/duration.ts';
import { type Instant, instantOf, readableOf } from '../core/instant.ts';
import { savedWords } from '../core/report/kept-words.ts';
import type { StatusFile, StatusReport } from '../core/report/status-file.ts';
import { spanWords } from '../core/report/words.ts';

export type Row = readonly [label: string, text: string | undefined];

/** What a cluster says of itself, in plain words, a row for each thing. */
export function reportRows({ report, idleTimeout }: StatusFile, now: Instant): readonly Row[] {
  if (!report) return [];
  const silentSince = instantIn(report.silentSince);
  return [
    [
      'silent',
      silentSince === undefined ? undefined : `the cluster has not reported since ${readableOf(silentSince)}`,
    ],
    ['nodes', upWords(report)],
    ['jobs', report.jobs && `${report.jobs.running} running, ${report.jobs.waiting} waiting`],
    ['logins', report.sessions === undefined ? undefined : loginsWords(report.sessions)],
    ['disk', report.disk && `${report.disk.usedGb} of ${report.disk.totalGb} GB used`],
    ['files', report.files && filesWords(report.files)],
    ['idle', idleWords(report, idleTimeout, now)],
    ...report.notices.slice(0, 20).map((notice) => ['notice', notice] as const),
  ];
}

/** `2 of 4 up, 1 on its way, 1 working`: what is not the case is not mentioned. */
function upWords({ nodes }: StatusReport): string | undefined {
  if (!nodes) return undefined;
  const parts = [
    [nodes.coming, 'on its way', 'on their way'],
    [nodes.working, 'working', 'working'],
    [nodes.leaving, 'leaving', 'leaving'],
    [nodes.down, 'down', 'down'],
  ] as const;
  const more = parts.flatMap(([count, one, many]) =>
    count === 0 ? [] : [`${count} ${count === 1 ? one : many}`],
  );
  return [`${nodes.up} of ${nodes.most} up`, ...more].join(', ');
}

function loginsWords(sessions: number): string {
  if (sessions === 0) return 'nobody is logged in';
  return sessions === 1 ? '1 ssh connection' : `${sessions} ssh connections`;
}

function filesWords({ savedAt, ...files }: NonNullable<StatusReport['files']>): string {
  const at = instantIn(savedAt);
  const saved = savedWords({ ...files, ...(at !== undefined && { savedAt: at }) });
  const words = saved === undefined ? '~/files has not been saved yet' : `~/files was saved on ${saved}`;
  return files.trouble === undefined ? words : `${words}. It cannot be saved now: ${files.trouble}`;
}

function idleWords(
  { idleSince }: StatusReport,
  idleTimeout: string | undefined,
  now: Instant,
): string | undefined {
  const since = instantIn(idleSince);
  if (since === undefined) return undefined;
  const words = `nobody has used it since ${readableOf(since)}`;
  const timeout = idleTimeout === undefined ? undefined : durationOf(idleTimeout);
  if (timeout === undefined) return words;
  const end = since + timeout;
  return `${words}; if that goes on, it ends on ${readableOf(end)}${end > now ? `, in ${spanWords(end - now)}` : ''}`;
}

function instantIn(iso: string | undefined): Instant | undefined {
  return iso === undefined ? undefined : instantOf(iso);
}

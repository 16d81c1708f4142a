import { ok, type Verdict, warn } from '../../core/finding.ts';

/** All numbers are vCPUs. */
export interface QuotaFacts {
  /** "on-demand Standard (A, C, D, H, I, M, R, T, Z)" */
  readonly what: string;
  readonly code: string;
  readonly region: string;
  readonly quota: number;
  /** Runs now, whoever started it. */
  readonly running: number;
  /** What the largest cluster that the limits allow takes, made of the default types. */
  readonly largest: number;
  /** What all users together may start. */
  readonly everybody: number;
}

const NEARLY = 0.8;

/**
 * A quota is advice at most: nodes beyond it do not come, and everything else runs on. It is measured with the largest single
 * cluster; what everybody together may start is told, for it hardly ever happens.
 */
export function judgeQuota(facts: QuotaFacts): Verdict {
  const { what, code, region, quota, running, largest, everybody } = facts;
  const told = `${what}: ${quota} vCPUs may run at once in ${region}, ${running} do`;
  const raise = `Ask AWS for more:\n  aws service-quotas request-service-quota-increase --service-code ec2 --quota-code ${code} --desired-value ${Math.max(largest, 2 * quota)} --region ${region}`;
  if (running >= NEARLY * quota && running > 0) return warn(`${told}: new nodes may not come`, raise);
  if (largest > quota)
    return warn(
      `${told}, and the largest cluster that the limits allow takes ${largest}: its last nodes would not come`,
      `${raise}\nOr lower the limit of nodes: clusterdrop admin limits`,
    );
  return ok(
    `${told}; the largest cluster that the limits allow takes ${largest}, all users together ${everybody}`,
  );
}

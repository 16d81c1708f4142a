import { existsSync, readFileSync } from 'node:fs';
import { ok, type Verdict } from '../../core/finding.ts';
import { ENGINE_CHECKS } from '../../engine/examining/engine-checks.ts';
import type { EngineSubject } from '../../engine/examining/engine-subject.ts';
import type { Check } from '../../engine/examining/examine.ts';
import { readFaults } from '../read-faults.ts';
import { checkHosts, type HostsSubject } from './check-hosts.ts';

export interface LocalSubject extends EngineSubject, HostsSubject {
  /** The control file of simulated stacks; it need not exist. */
  readonly faultsFile: string;
}

/** What can be looked at in an installation on one machine. */
export const LOCAL_CHECKS: readonly Check<LocalSubject>[] = [
  ...ENGINE_CHECKS,
  { name: 'hosts', look: checkHosts },
  { name: 'faults.json', look: checkFaults },
];

/** While it is broken every call for a stack fails. */
async function checkFaults({ faultsFile, installation }: LocalSubject): Promise<readonly Verdict[]> {
  if (!installation.simulated) return [ok('not looked at: it is for simulated clusters')];
  if (!existsSync(faultsFile)) return [ok('there is none: everything goes as planned')];
  const { rules } = readFaults(readFileSync(faultsFile, 'utf8'), 'faults.json');
  return [ok(rules.length === 1 ? '1 fault is planned' : `${rules.length} faults are planned`)];
}

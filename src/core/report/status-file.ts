import type { Entry } from '../entry.ts';
import type { Cluster } from '../identity.ts';
import { isoOf } from '../instant.ts';
import type { LoginFacts } from '../login-facts.ts';
import { NOTHING_IS_PAID } from './cost-words.ts';
import { isStatusFile } from './is-status-file.ts';
import { nextWords } from './next-words.ts';
import { isPlain, plainJson } from './plain-json.ts';
import { shortened } from './shortened.ts';
import { sshCommand } from './ssh-command.ts';
import { dropStory } from './status-drop.ts';
import type { StatusInput } from './status-input.ts';
import { madeOf } from './status-made-of.ts';
import { reportOfEnd, reportShown } from './status-report.ts';
import type { StatusFile, StatusReport } from './status-shape.ts';
import { stateOf } from './status-state.ts';
import { visibleJson } from './visible.ts';

export type { StatusFile, StatusInput, StatusReport };

/** What `NAME.cf-status` says now. */
export function statusOf(input: StatusInput): StatusFile {
  const { cluster, observed, decision, installation } = input;
  const { entry, stack } = observed;
  const { state, since } = stateOf(input);
  const { drop, problems, request } = dropStory(input, state);
  const { address, login } = state === 'running' || state === 'updating' ? wayIn(observed) : {};
  const progress =
    (state === 'starting' || state === 'updating') && 'progress' in stack ? stack.progress : undefined;
  // Nothing of a simulated cluster reports; what stands in for it is for the policy.
  const told = installation.simulated ? undefined : observed.report;
  const isReached = address !== undefined;
  const report =
    told && (isReached ? reportShown(told) : state === 'stopping' ? reportOfEnd(told) : undefined);
  return {
    version: 1,
    cluster: cluster.name,
    path: cluster.path,
    user: cluster.user,
    ...(drop && { drop }),
    state,
    ...(since !== undefined && { since: isoOf(since) }),
    why: decision.why,
    next: nextWords(state, cluster, observed, problems, installation.simulated),
    problems,
    ...(progress && { progress }),
    ...(address !== undefined && { address, ...sshOf(cluster, address, login) }),
    ...(report && { report }),
    ...(entry && state !== 'gone' && state !== 'failed' && madeOf(entry)),
    ...(request !== undefined && { request: plainJson(request) ?? shortened(request).text }),
    simulated: installation.simulated,
    ...(installation.containers && { priceMeans: NOTHING_IS_PAID }),
    ...(installation.simulated && {
      simulatedMeans: 'Nothing runs, nothing answers at the address, and nothing is paid.',
    }),
  };
}

/** As the stack tells it now, for a login host that was made anew may be elsewhere; as it was, while the stack tells nothing. */
function wayIn({ entry, stack }: StatusInput['observed']): Pick<Entry, 'address' | 'login'> {
  if (entry?.address === undefined) return {};
  return 'address' in stack && stack.address !== undefined ? stack : entry;
}

function sshOf(cluster: Cluster, address: string, login: LoginFacts = {}): Pick<StatusFile, 'ssh'> {
  const command = sshCommand(cluster, address, login);
  const { hostKey, port, keyFile } = login;
  return command === undefined
    ? {}
    : {
        ssh: {
          command,
          hostKey: hostKey ?? null,
          ...(port !== undefined && { port }),
          ...(keyFile !== undefined && { keyFile }),
        },
      };
}

/** Pretty JSON; what a terminal would obey stands there as JSON's own escapes, so it reads back as the same value. */
export function renderStatus({ version, ...rest }: StatusFile): string {
  return `${visibleJson(JSON.stringify({ version, ...rest }, undefined, 2))}\n`;
}

/** Many times the longest status of ours. */
const LONGEST = 2_000_000;

/**
 * Reads what `renderStatus` wrote; `undefined` for anything else. For showing only, never for deciding: users can write this file too.
 * Its texts are as they were found: make them visible before they reach a terminal.
 */
export function readStatus(text: string): StatusFile | undefined {
  if (text.length > LONGEST) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  // Bounded depth, in the fields that we do not know as well: so that it can be written again.
  return isPlain(value, 40) && isStatusFile(value) ? value : undefined;
}

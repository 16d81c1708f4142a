import type { Instant } from '../../core/instant.ts';
import type { BlueprintRef, StackEvent, StackReport } from '../../engine/ports.ts';
import { STACK } from '../planned-event.ts';
import type { Door } from './login-door.ts';

/**
 * A stack whose resources are containers. What it is asked to become stands here before anything is done, and what has happened is
 * added as it happens: whoever reads it after a crash knows how to go on.
 */
export interface HostedStack {
  readonly version: 1;
  readonly id: string;
  readonly name: string;
  readonly blueprint: BlueprintRef;
  readonly created: Instant;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** What an update that fails goes back to. */
  readonly before?: Pick<HostedStack, 'parameters' | 'tags'>;
  readonly outputs: Readonly<Record<string, string>>;
  /** Client tokens of the calls that were accepted, the creation's first. */
  readonly tokens: readonly string[];
  /** Id of the image that all its hosts are made of, whatever is built later. */
  readonly image?: string;
  /** Where ssh of the login host is published. */
  readonly door?: Door;
  /** Somebody has removed the volume, and the new one may not have `~/files` yet. */
  readonly isHomeLost?: true;
  /** The login host's public ssh key, `type base64`. */
  readonly hostKey?: string;
  /** The largest number of compute nodes that it was ever allowed. */
  readonly mostNodes: number;
  /** Oldest first. */
  readonly events: readonly StackEvent[];
}

/** What a cluster of containers is made of, in the order in which it is made. */
export const RESOURCES = {
  HostImage: 'Clusterdrop::Container::Image',
  Network: 'Clusterdrop::Container::Network',
  HomeVolume: 'Clusterdrop::Container::Volume',
  LoginHost: 'Clusterdrop::Container::Host',
  LoginReady: 'Clusterdrop::Container::Ready',
} as const;
export type ResourceName = keyof typeof RESOURCES;

export function statusOf(stack: HostedStack): { readonly status: string; readonly statusReason?: string } {
  const latest = stack.events.findLast((event) => event.type === STACK);
  return {
    status: latest?.status ?? 'CREATE_IN_PROGRESS',
    ...(latest?.reason !== undefined && { statusReason: latest.reason }),
  };
}

export function reportOf(stack: HostedStack): StackReport {
  const { id, name, created, tags, parameters, outputs } = stack;
  return {
    id,
    name,
    ...statusOf(stack),
    created,
    tags,
    parameters,
    outputs,
    // A change is one of the login host's alone.
    resources: statusOf(stack).status.startsWith('UPDATE_') ? 1 : Object.keys(RESOURCES).length,
  };
}

/** A turn of events: of the stack itself, or of one of its resources. */
export interface Turn {
  readonly resource?: ResourceName;
  readonly status: string;
  readonly reason?: string;
}

/** `stack` after `turn`, which happens in the course of the call that carried the last token, or `token`. */
export function withTurn(
  stack: HostedStack,
  { resource, status, reason }: Turn,
  at: Instant,
  token?: string,
): HostedStack {
  const logicalId = resource ?? stack.name;
  const ofCall = token ?? stack.tokens.at(-1);
  const event: StackEvent = {
    id: `${logicalId}-${status}-${Number(stack.events.at(-1)?.id.split('-').at(-1) ?? -1) + 1}`,
    // A clock that was set back does not reorder what has happened.
    at: Math.max(at, stack.events.at(-1)?.at ?? 0),
    logicalId,
    type: resource === undefined ? STACK : RESOURCES[resource],
    status,
    ...(reason !== undefined && { reason }),
    ...(ofCall !== undefined && { token: ofCall }),
  };
  return { ...stack, events: remembered([...stack.events, event]) };
}

/** The record is read several times a second: whoever changes a cluster every second must not make it grow for ever. */
const MOST_EVENTS = 600;
const MOST_TOKENS = 200;

/** How it began, what happened to each part of it last, and the latest. */
function remembered(events: readonly StackEvent[]): readonly StackEvent[] {
  if (events.length <= MOST_EVENTS) return events;
  const latest = new Map(events.map((event, at) => [event.logicalId, at]));
  const isKept = (event: StackEvent, at: number) =>
    at < MOST_EVENTS / 6 || at >= events.length - MOST_EVENTS / 2 || latest.get(event.logicalId) === at;
  return events.filter(isKept);
}

/** The creation's stays first; one that is forgotten belongs to a call that nobody repeats any more. */
export function withToken(tokens: readonly string[], token: string): readonly string[] {
  return [...tokens.slice(0, 1), ...tokens.slice(1).slice(-MOST_TOKENS), token];
}

/** Whether this resource stands, as far as is written down. */
export function stands(stack: HostedStack, resource: ResourceName): boolean {
  return stack.events.findLast((event) => event.logicalId === resource)?.status === 'CREATE_COMPLETE';
}

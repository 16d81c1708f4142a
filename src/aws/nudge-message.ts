import { clusterAt, isUser, meaningOf } from '../core/identity.ts';
import type { Nudge } from '../engine/sweep.ts';

/** What a message of the queue asks to look at. Nothing else in it is used: what is to be done is found out by looking. */
export type Message =
  | { readonly kind: 'nudge'; readonly nudge: Nudge; readonly looks?: number }
  /** Some stack has moved; which cluster it belongs to, its tags tell. */
  | { readonly kind: 'stack'; readonly id: string; readonly name: string }
  /** Understood, and none of our business. */
  | { readonly kind: 'nothing' }
  /** Not written by us nor by EventBridge: for a person to look at, among the dead letters. */
  | { readonly kind: 'unreadable'; readonly why: string };

/**
 * The body with which `readMessage` finds this nudge again. ASCII only: SQS refuses a message with U+FFFE or U+FFFF in it, which a key
 * of S3 may hold. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 * @param looks how many looks in a row led to this one, with no news in between
 */
export function nudgeText(nudge: Nudge, looks = 0): string {
  const { bucket, ...what } =
    nudge.kind === 'cluster'
      ? { bucket: nudge.cluster.bucket, path: nudge.cluster.path }
      : nudge.kind === 'misdrop'
        ? { bucket: nudge.bucket, key: nudge.file.key, version: nudge.file.version }
        : { bucket: undefined, user: nudge.user };
  const text = JSON.stringify({ clusterdrop: nudge.kind, bucket, ...what, ...(looks > 0 && { looks }) });
  return text.replace(/[^\0-~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Reads a nudge of ours or an event of EventBridge. Total: any text is some message. */
export function readMessage(body: string): Message {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return { kind: 'unreadable', why: 'not JSON' };
  }
  const message = Object(value) as Json;
  if (message['clusterdrop'] !== undefined) return withLooks(ownNudge(message), message['looks']);
  const detail = Object(message['detail']) as Json;
  switch (message['source']) {
    case 'aws.s3':
      return ofObject(detail);
    case 'aws.cloudformation':
      return ofStack(detail);
    default:
      return { kind: 'unreadable', why: 'neither a nudge nor an event of S3 or CloudFormation' };
  }
}

type Json = Partial<Record<string, unknown>>;

const NOT_OURS: Message = { kind: 'unreadable', why: 'a nudge that names nothing' };

function ownNudge(message: Json): Message {
  const [kind, bucket, path, key, version, user] = [
    'clusterdrop',
    'bucket',
    'path',
    'key',
    'version',
    'user',
  ].map((name) => (typeof message[name] === 'string' ? message[name] : ''));
  if (kind === 'mail' && user && isUser(user)) return { kind: 'nudge', nudge: { kind, user } };
  if (kind === 'cluster' && bucket && path) {
    const meaning = meaningOf(bucket, `${path}.cf-create`);
    return meaning.kind === 'drop'
      ? { kind: 'nudge', nudge: { kind, cluster: clusterAt(bucket, path) } }
      : NOT_OURS;
  }
  if (kind === 'misdrop' && bucket && key && version)
    return { kind: 'nudge', nudge: { kind, bucket, file: { key, version } } };
  return NOT_OURS;
}

function withLooks(message: Message, looks: unknown): Message {
  return message.kind === 'nudge' && typeof looks === 'number' && looks > 0 ? { ...message, looks } : message;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html: here, unlike in a notification, the key is not URL-encoded. */
function ofObject(detail: Json): Message {
  const { name: bucket } = Object(detail['bucket']) as Json;
  const { key, 'version-id': version } = Object(detail['object']) as Json;
  if (typeof bucket !== 'string' || typeof key !== 'string')
    return { kind: 'unreadable', why: 'an event of S3 without bucket or key' };
  const meaning = meaningOf(bucket, key);
  if (meaning.kind === 'drop') return { kind: 'nudge', nudge: { kind: 'cluster', cluster: meaning.cluster } };
  if (meaning.kind === 'misdrop' && typeof version === 'string')
    return { kind: 'nudge', nudge: { kind: 'misdrop', bucket, file: { key, version } } };
  return { kind: 'nothing' };
}

/** Stack and resource status changes alike: https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-cloudformation.html */
function ofStack(detail: Json): Message {
  const { 'stack-id': id } = detail;
  const name =
    typeof id === 'string' ? /^arn:[^:]+:cloudformation:[^:]+:\d+:stack\/([^/]+)\//.exec(id)?.[1] : undefined;
  return typeof id === 'string' && name !== undefined
    ? { kind: 'stack', id, name }
    : { kind: 'unreadable', why: 'an event of CloudFormation without a stack' };
}

import type { BlueprintUse, Entry } from './entry.ts';
import { type Cluster, clusterAt } from './identity.ts';
import { INSTALLATION_TAG } from './tag-names.ts';

/** AWS: values of at most 256 characters, letters, digits, spaces and `_.:/=+-@`; at most 50 tags. */
const VALUE_LENGTH = 256;
const PLAIN = /[A-Za-z0-9 _.:/+@-]/;

/** What the tags of one of our stacks say. They were set by us alone, so unlike replies they are believed. */
export interface StackTags {
  readonly identity: string;
  readonly installation: string;
  readonly cluster: Cluster;
  readonly drop: string;
  readonly blueprint: BlueprintUse;
  readonly lifetime: number;
  readonly idleTimeout: number | 'off';
  readonly notify?: string;
}

type Tagged = Pick<Entry, 'cluster' | 'blueprint' | 'settings' | 'notify'>;

/** Identity for us, `USER` and `project` for the bill. */
export function tagsOf(
  installation: string,
  identity: string,
  drop: string,
  entry: Tagged,
): Record<string, string> {
  const { cluster, blueprint, settings, notify } = entry;
  // IAM takes a comma in a user's name, but not in the tags of the roles that a stack makes.
  const billed = cluster.user.replaceAll(',', '=002c');
  const tags: Record<string, string> = {
    USER: billed,
    project: billed,
    [INSTALLATION_TAG]: installation,
    'clusterdrop:cluster': identity,
    'clusterdrop:drop': drop,
    'clusterdrop:bucket': cluster.bucket,
    'clusterdrop:blueprint': `${blueprint.name}@${blueprint.hash}`,
    'clusterdrop:lifetime': String(settings.Lifetime),
    'clusterdrop:idle': String(settings.IdleTimeout),
  };
  // A path may be longer than one value may be.
  const path = encode(cluster.path);
  for (let n = 0; n * VALUE_LENGTH < path.length; n++) {
    tags[`clusterdrop:path-${n}`] = path.slice(n * VALUE_LENGTH, (n + 1) * VALUE_LENGTH);
  }
  if (
    notify !== undefined &&
    notify.length <= VALUE_LENGTH &&
    [...notify].every((char) => PLAIN.test(char))
  ) {
    tags['clusterdrop:notify'] = notify;
  }
  return tags;
}

/** `undefined` for a stack that is none of ours. */
export function readTags(tags: Readonly<Record<string, string>>): StackTags | undefined {
  const at = (key: string) =>
    Object.hasOwn(tags, `clusterdrop:${key}`) ? tags[`clusterdrop:${key}`] : undefined;
  const identity = at('cluster');
  const installation = at('installation');
  if (identity === undefined || installation === undefined) return undefined;
  let path = '';
  for (let n = 0; at(`path-${n}`) !== undefined; n++) path += at(`path-${n}`);
  const [name = '', hash = ''] = (at('blueprint') ?? '').split('@');
  const notify = at('notify');
  const idle = at('idle');
  return {
    identity,
    installation,
    cluster: clusterAt(at('bucket') ?? '', decode(path)),
    drop: at('drop') ?? '',
    blueprint: { name, hash },
    lifetime: Number(at('lifetime') ?? Number.NaN),
    idleTimeout: idle === undefined || idle === 'off' ? 'off' : Number(idle),
    ...(notify !== undefined && { notify }),
  };
}

/** `=HHHH` for every UTF-16 unit that a tag may not hold, `=` included. */
function encode(text: string): string {
  let out = '';
  for (let i = 0; i < text.length; i++) {
    const unit = text.charAt(i);
    out += PLAIN.test(unit) ? unit : `=${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  }
  return out;
}

function decode(text: string): string {
  return text.replace(/=([0-9a-f]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

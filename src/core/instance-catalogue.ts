import { nearest } from './nearest.ts';

/** What is known of one EC2 instance type; a part that is not known is absent, never 0. */
export interface InstanceType {
  readonly name: string;
  /** On-demand list price, USD per hour; `null` = not known. */
  readonly usdPerHour: number | null;
  readonly shape?: InstanceShape;
}

export interface InstanceShape {
  readonly vcpus: number;
  readonly threadsPerCore: number;
  /** Memory in MiB, as EC2 states it: 15616 for the 15.25 GiB of r4.large. */
  readonly memoryMiB: number;
  /** EC2's words: `x86_64`, `arm64`, `i386`, `x86_64_mac`, `arm64_mac`. */
  readonly architectures: readonly string[];
  readonly spot: boolean;
  readonly gpus: number;
}

export interface InstanceCatalogue {
  /** Day of the prices, `2026-07-20`. */
  readonly date: string;
  /** Region of the prices, `us-east-1`. */
  readonly region: string;
  /** All type names. */
  readonly names: readonly string[];
  /** By exact EC2 name. */
  lookup(name: string): InstanceType | undefined;
  /** At most `most` names that a mistyped one may stand for. */
  nearest(name: string, most?: number): string[];
  /** `r4.large-2C-15.25GB`, as Alces Flight wrote it; `undefined` while the shape is not known. */
  alcesSpelling(name: string): string | undefined;
}

/** A catalogue of `data/ec2-instance-types.json`, or of the same shape refreshed from a price list. Throws on anything else: the file is ours. */
export function catalogueOf(json: unknown): InstanceCatalogue {
  if (!isRecord(json) || !isRecord(json['about']) || !isRecord(json['types']))
    throw new TypeError('instance catalogue: expected { about, types }');
  const about = json['about'];
  const prices = text(about['prices']) ?? '';
  const types = new Map(
    Object.entries(json['types']).map(([name, raw]) => [name, instanceTypeOf(name, raw)] as const),
  );
  const names = [...types.keys()];
  return {
    date: text(about['date']) ?? /\b\d{4}-\d\d-\d\d\b/.exec(prices)?.[0] ?? 'unknown date',
    region: text(about['region']) ?? /\b[a-z]{2}(?:-[a-z]+)+-\d\b/.exec(prices)?.[0] ?? 'unknown region',
    names,
    lookup: (name) => types.get(name),
    nearest: (name, most = 3) => sameFamilyFirst(name, nearest(name, names, 20)).slice(0, most),
    alcesSpelling: (name) => {
      const shape = types.get(name)?.shape;
      return shape && `${name}-${shapeText(shape)}`;
    },
  };
}

/** `2C-15.25GB`, with GPUs in front where there are any. Alces wrote GB for what EC2 calls GiB. */
export function shapeText(shape: InstanceShape): string {
  const gib = Math.round((shape.memoryMiB / 1024) * 1000) / 1000;
  return `${shape.gpus > 0 ? `${shape.gpus}GPU-` : ''}${shape.vcpus}C-${gib}GB`;
}

function instanceTypeOf(name: string, raw: unknown): InstanceType {
  if (!isRecord(raw)) throw new TypeError(`instance catalogue: ${name} is not an object`);
  const { usdPerHour = null, vcpus, memoryMiB, threadsPerCore, arch, spot, gpus } = raw;
  if (usdPerHour !== null && !(typeof usdPerHour === 'number' && usdPerHour > 0))
    throw new TypeError(`instance catalogue: usdPerHour of ${name} is neither a positive number nor null`);
  if (vcpus === undefined || vcpus === null) return { name, usdPerHour };
  if (typeof vcpus !== 'number' || typeof memoryMiB !== 'number' || !Array.isArray(arch))
    throw new TypeError(`instance catalogue: the shape of ${name} is not complete`);
  const cards: unknown[] = Array.isArray(gpus) ? gpus : [];
  return {
    name,
    usdPerHour,
    shape: {
      vcpus,
      memoryMiB,
      threadsPerCore: typeof threadsPerCore === 'number' ? threadsPerCore : 1,
      architectures: arch.map(String),
      spot: spot !== false,
      gpus: cards.reduce<number>((sum, card) => sum + (isRecord(card) ? Number(card['count'] ?? 0) : 0), 0),
    },
  };
}

/** Of equally likely slips, those that keep the family (`r4.`) are what was meant. */
function sameFamilyFirst(wanted: string, found: readonly string[]): string[] {
  const family = `${wanted.trim().toLowerCase().split('.')[0]}.`;
  return found.toSorted((a, b) => Number(b.startsWith(family)) - Number(a.startsWith(family)));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

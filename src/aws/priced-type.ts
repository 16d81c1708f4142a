/** An instance type as the Price List API tells of it, in the format of `data/ec2-instance-types.json`. */
export interface PricedType {
  readonly name: string;
  readonly usdPerHour: number;
  /** What is told of its shape; `threadsPerCore`, `spot` and `efa` are not. */
  readonly shape: Readonly<Record<string, unknown>>;
}

/**
 * Reads one product, a JSON text within the JSON answer. `undefined`: it is none of `wanted`, or has no price in USD by the hour.
 * https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/reading-service-price-list-file-for-services.html
 * @throws SyntaxError
 */
export function pricedTypeOf(
  product: string,
  wanted: Readonly<Record<string, string>>,
): PricedType | undefined {
  const read: unknown = JSON.parse(product);
  const attributes = part(part(read, 'product'), 'attributes');
  // Not every product tells every attribute, but none may tell another value.
  if (Object.entries(wanted).some(([name, value]) => (attributes[name] ?? value) !== value)) return undefined;
  const name = attributes['instanceType'];
  const usdPerHour = hourlyUsd(part(part(read, 'terms'), 'OnDemand'));
  if (typeof name !== 'string' || usdPerHour === undefined) return undefined;
  return { name, usdPerHour, shape: shapeOf(attributes) };
}

/** Of several prices the highest: an estimate may be too high, never too low. */
function hourlyUsd(terms: Readonly<Record<string, unknown>>): number | undefined {
  const prices = Object.values(terms)
    .flatMap((term) => Object.values(part(term, 'priceDimensions')))
    .filter((dimension) => text(Object(dimension), 'unit') === 'Hrs')
    .flatMap((dimension) => text(part(dimension, 'pricePerUnit'), 'USD') ?? []);
  return prices.length === 0 ? undefined : Math.max(...prices.map(Number));
}

function shapeOf(attributes: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const vcpus = Number(text(attributes, 'vcpu') ?? Number.NaN);
  const gib = /^([\d,.]+) GiB$/.exec(text(attributes, 'memory') ?? '')?.[1];
  const arch = architecturesOf(attributes);
  if (!(vcpus > 0) || gib === undefined || arch === undefined) return {};
  const gpus = Number(text(attributes, 'gpu') ?? 0);
  return {
    vcpus,
    memoryMiB: Math.round(Number(gib.replaceAll(',', '')) * 1024),
    arch,
    currentGeneration: attributes['currentGeneration'] === 'Yes',
    ...(gpus > 0 && { gpus: [{ count: gpus }] }),
  };
}

/** "64-bit" is said of ARM as well; which it is, the name of the processor tells. */
function architecturesOf(attributes: Readonly<Record<string, unknown>>): readonly string[] | undefined {
  const processor = text(attributes, 'physicalProcessor');
  if (processor === undefined) return undefined;
  if (/Graviton/.test(processor)) return ['arm64'];
  return text(attributes, 'processorArchitecture') === '32-bit or 64-bit' ? ['i386', 'x86_64'] : ['x86_64'];
}

function part(value: unknown, name: string): Readonly<Record<string, unknown>> {
  return Object((Object(value) as Record<string, unknown>)[name]) as Record<string, unknown>;
}

function text(record: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = record[name];
  return typeof value === 'string' ? value : undefined;
}

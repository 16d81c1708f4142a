import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { refreshPrices } from '../../src/aws/refresh-prices.ts';
import { S3Prices } from '../../src/aws/s3-prices.ts';
import { DAY, MINUTE } from '../../src/core/instant.ts';
import { ProblemError } from '../../src/core/problems.ts';
import { shippedCatalogue } from '../../src/shipped/shipped-catalogue.ts';
import { type Folder, openFolder, textOf } from '../local/folder-fixture.ts';
import { answering, type Loopback } from './s3-fixture.ts';

const REGION = 'eu-west-2';
const KEY = `prices/${REGION}.json`;
const NOW = Date.UTC(2026, 10, 22, 15, 4, 5);

interface Product {
  readonly type: string;
  readonly usd: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly unit?: string;
}

/** One product as the Price List API writes it, with a reservation that must not be taken for the price. */
function productText({ type, usd, attributes = {}, unit = 'Hrs' }: Product): string {
  const term = (price: string) => ({
    'SKU.TERM': {
      priceDimensions: {
        'SKU.TERM.RATE': {
          unit,
          beginRange: '0',
          endRange: 'Inf',
          description: `${price} per On Demand Linux ${type} Instance Hour`,
          pricePerUnit: { USD: price },
        },
      },
      termAttributes: {},
    },
  });
  return JSON.stringify({
    product: {
      productFamily: 'Compute Instance',
      attributes: {
        instanceType: type,
        regionCode: REGION,
        operatingSystem: 'Linux',
        tenancy: 'Shared',
        preInstalledSw: 'NA',
        capacitystatus: 'Used',
        marketoption: 'OnDemand',
        ...attributes,
      },
    },
    serviceCode: 'AmazonEC2',
    terms: { OnDemand: term(usd), Reserved: term('0.0000000000') },
  });
}

interface Asked {
  readonly target: string;
  readonly Filters: readonly { readonly Type: string; readonly Field: string; readonly Value: string }[];
  readonly NextToken?: string;
}

let server: Loopback | undefined;
let folder: Folder;
let asked: Asked[];
beforeEach(() => {
  folder = openFolder();
  asked = [];
});
afterEach(async () => {
  folder.close();
  await server?.close();
});

/** A price list on a port of this machine, in pages of 60. The emulator has none. */
async function priceList(products: readonly Product[]) {
  server = await answering(({ headers, body }, response) => {
    const request = JSON.parse(body) as Asked;
    asked.push({ ...request, target: String(headers['x-amz-target']) });
    const from = Number(request.NextToken ?? 0);
    const NextToken = from + 60 < products.length ? { NextToken: String(from + 60) } : {};
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(
      JSON.stringify({
        FormatVersion: 'aws_v1',
        PriceList: products.slice(from, from + 60).map(productText),
        ...NextToken,
      }),
    );
  });
  return { endpoint: server.endpoint };
}

const clock = { now: () => NOW };

/** So many types at twice the price of the shipped table. */
function dearer(count: number): Product[] {
  const catalogue = shippedCatalogue();
  return catalogue.names
    .flatMap((type) => {
      const usd = catalogue.lookup(type)?.usdPerHour;
      return usd ? [{ type, usd: (usd * 2).toFixed(10) }] : [];
    })
    .slice(0, count);
}

const refresh = async (products: readonly Product[]) =>
  refreshPrices({ access: await priceList(products), admin: folder.store, clock, region: REGION });

const pricesOf = () =>
  new S3Prices({ admin: folder.store, region: REGION, shipped: shippedCatalogue, clock });

async function faultOf(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  );
  if (error instanceof ProblemError) return error.problems.map((one) => `${one.code}: ${one.message}`).join();
  throw error;
}

describe('refreshing', () => {
  test('takes prices from the list, shapes from the shipped table, and says whose and when', async () => {
    expect(await refresh(dearer(200))).toEqual({ types: 200 });
    const catalogue = await pricesOf().catalogue();
    expect(catalogue).toMatchObject({ region: REGION, date: '2026-11-22' });
    const before = shippedCatalogue().lookup('c4.large');
    expect(catalogue.lookup('c4.large')).toEqual({ ...before, usdPerHour: (before?.usdPerHour ?? 0) * 2 });
    expect(catalogue.names).toEqual(shippedCatalogue().names.toSorted());
  });

  test('asks for Linux on shared hardware, all pages', async () => {
    await refresh(dearer(200));
    expect(asked.map(({ NextToken }) => NextToken)).toEqual([undefined, '60', '120', '180']);
    expect(asked[0]).toMatchObject({
      target: 'AWSPriceListService.GetProducts',
      ServiceCode: 'AmazonEC2',
      MaxResults: 100,
    });
    expect(Object.fromEntries(asked[0]?.Filters.map(({ Field, Value }) => [Field, Value]) ?? [])).toEqual({
      regionCode: REGION,
      operatingSystem: 'Linux',
      tenancy: 'Shared',
      preInstalledSw: 'NA',
      capacitystatus: 'Used',
      marketoption: 'OnDemand',
    });
  });

  test('knows no price of what the region does not offer', async () => {
    const list = dearer(200);
    await refresh(list);
    const missing = shippedCatalogue().names.find((name) => !list.some(({ type }) => type === name));
    const type = (await pricesOf().catalogue()).lookup(missing ?? '');
    expect(type).toEqual({ ...shippedCatalogue().lookup(missing ?? ''), usdPerHour: null });
  });

  test('learns types that are newer than this version', async () => {
    const told = {
      vcpu: '96',
      memory: '1,952 GiB',
      processorArchitecture: '64-bit',
      currentGeneration: 'Yes',
    };
    await refresh([
      ...dearer(200),
      {
        type: 'z9g.large',
        usd: '1.5',
        attributes: { ...told, physicalProcessor: 'AWS Graviton9 Processor' },
      },
      { type: 'z9.large', usd: '2.5', attributes: { ...told, physicalProcessor: 'Intel Xeon', gpu: '8' } },
      { type: 'z9.odd', usd: '3.5', attributes: { vcpu: '2', memory: 'NA' } },
    ]);
    const catalogue = await pricesOf().catalogue();
    const shape = { vcpus: 96, threadsPerCore: 1, memoryMiB: 1_998_848, spot: true };
    expect(catalogue.lookup('z9g.large')).toEqual({
      name: 'z9g.large',
      usdPerHour: 1.5,
      shape: { ...shape, architectures: ['arm64'], gpus: 0 },
    });
    expect(catalogue.lookup('z9.large')?.shape).toEqual({ ...shape, architectures: ['x86_64'], gpus: 8 });
    expect(catalogue.lookup('z9.odd')).toEqual({ name: 'z9.odd', usdPerHour: 3.5 });
  });

  test('takes nothing but what it asked for, and of two prices the higher', async () => {
    await refresh([
      ...dearer(200),
      { type: 'c4.large', usd: '0.0000000000', attributes: { capacitystatus: 'UnusedCapacityReservation' } },
      { type: 'c4.large', usd: '9.5', attributes: { operatingSystem: 'Windows' } },
      { type: 'c4.large', usd: '0.001' },
      { type: 'c4.large', usd: '5000', unit: 'Quantity' },
    ]);
    const usd = (shippedCatalogue().lookup('c4.large')?.usdPerHour ?? 0) * 2;
    expect((await pricesOf().catalogue()).lookup('c4.large')?.usdPerHour).toBe(usd);
  });

  test.each<[string, readonly Product[], RegExp]>([
    ['nothing', [], /it knows 0 instance types/],
    ['too little', dearer(99), /it knows 99 instance types/],
    [
      'something for nothing',
      [...dearer(200), { type: 'z9.large', usd: '0.0000000000' }],
      /z9.large costs 0 USD/,
    ],
    ['a price below nothing', [...dearer(200), { type: 'z9.large', usd: '-1' }], /z9.large costs -1 USD/],
    ['no number', [...dearer(200), { type: 'z9.large', usd: 'free' }], /z9.large costs NaN USD/],
    [
      'another unit',
      dearer(200).map((one) => ({ ...one, usd: String(Number(one.usd) / 100) })),
      /0.020 times those that were known/,
    ],
  ])('writes nothing when it is answered %s', async (_, products, expected) => {
    await refresh(dearer(150));
    const before = textOf(await folder.store.get(KEY));
    await server?.close();
    const fault = await faultOf(refresh(products));
    expect(fault).toMatch(/^prices-implausible/);
    expect(fault).toMatch(expected);
    expect(textOf(await folder.store.get(KEY))).toBe(before);
  });

  // What asks to slow down is 503 here: the SDK's patience with the other words for it is long.
  test.each([
    [503, 'ServiceUnavailable', 'Throttled'],
    [400, 'AccessDeniedException', 'ProblemError'],
  ])('writes nothing when the list says %i %s', async (status, __type, expected) => {
    server = await answering((_, response) => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify({ __type, message: 'in words' }));
    });
    const access = { endpoint: server.endpoint };
    const refreshing = refreshPrices({ access, admin: folder.store, clock, region: REGION });
    await expect(refreshing).rejects.toMatchObject({ name: expected });
    expect(await folder.store.get(KEY)).toBeUndefined();
  });

  test('mends a broken file, and leaves one of a newer version alone', async () => {
    await folder.store.put(KEY, '{');
    await refresh(dearer(150));
    expect(await pricesOf().catalogue()).toMatchObject({ region: REGION });
    await server?.close();
    await folder.store.put(KEY, '{"version": 2}');
    expect(await faultOf(refresh(dearer(150)))).toMatch(/^unknown-version/);
    expect(textOf(await folder.store.get(KEY))).toBe('{"version": 2}');
  });
});

describe('prices', () => {
  const file = (usdPerHour: number) =>
    `{"version": 1, "about": {"region": "${REGION}", "date": "2026-11-22"}, "types": {"c4.large": {"usdPerHour": ${usdPerHour}}}}`;

  function priced(start = NOW) {
    let now = start;
    const prices = new S3Prices({
      admin: folder.store,
      region: REGION,
      shipped: shippedCatalogue,
      clock: { now: () => now },
    });
    return {
      pass: (ms: number) => (now += ms),
      usd: async () => (await prices.catalogue()).lookup('c4.large')?.usdPerHour,
    };
  }

  test('are the shipped ones until there are some', async () => {
    expect(await pricesOf().catalogue()).toBe(shippedCatalogue());
  });

  test('hold ten minutes, then those that were written since', async () => {
    const { usd, pass } = priced();
    expect(await usd()).toBe(shippedCatalogue().lookup('c4.large')?.usdPerHour);
    await folder.store.put(KEY, file(1));
    pass(10 * MINUTE - 1);
    expect(await usd()).toBe(shippedCatalogue().lookup('c4.large')?.usdPerHour);
    pass(1);
    expect(await usd()).toBe(1);
    await folder.store.put(KEY, file(2));
    expect(await usd()).toBe(1);
    pass(DAY);
    expect(await Promise.all([usd(), usd()])).toEqual([2, 2]);
  });

  test('are never guessed where the file is broken', async () => {
    await folder.store.put(KEY, '{"version": 1, "about": {}, "types": {"c4.large": {"usdPerHour": 0}}}');
    expect(await faultOf(pricesOf().catalogue())).toMatch(/^unreadable-object: .*c4.large/);
    await folder.store.put(KEY, file(3));
    expect((await pricesOf().catalogue()).lookup('c4.large')?.usdPerHour).toBe(3);
  });
});

import { describe, expect, it } from 'vitest';
import { shippedCatalogue } from '../../test/shipped.ts';
import { HOUR } from './instant.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { overLimits, type Totals } from './over-limits.ts';
import { priceOf } from './price.ts';
import type { Settings } from './settings.ts';

const settings: Settings = {
  Blueprint: 'slurm',
  ComputeInstanceType: 'r4.large',
  MasterInstanceType: 'r4.large',
  ComputeSpotPrice: 0.03,
  AutoscalingPolicy: 'enabled',
  ComputeInitialNodes: 0,
  ComputeMaxNodes: 25,
  MasterSystemVolumeSize: 16,
  Lifetime: 10 * HOUR,
  IdleTimeout: 'off',
  NotifyEmail: 'registered',
};
const blueprint = { price: { nodeDiskGb: 0 } };

function judge(asked: Partial<Settings>, limits: Partial<Limits> = {}, totals: Partial<Totals> = {}) {
  const wanted = { ...settings, ...asked };
  return overLimits({
    settings: wanted,
    price: priceOf(wanted, blueprint, shippedCatalogue),
    limits: { ...DEFAULT_LIMITS, ...limits },
    totals: { clusters: 0, usdThisMonth: 0, ...totals },
    registeredEmail: 'alice@example.org',
    contact: 'the help desk',
    named: new Map(),
    onDemandPrice: shippedCatalogue.lookup(wanted.ComputeInstanceType)?.usdPerHour ?? null,
  });
}
const codes = (...args: Parameters<typeof judge>) => judge(...args).map(({ code }) => code);

describe('overLimits', () => {
  it('lets the example of the guide pass, and not a spot price of 5 USD', () => {
    expect(codes({})).toEqual([]);
    expect(codes({ ComputeSpotPrice: 5, ComputeMaxNodes: 1 })).toEqual(['limit-spot-price']);
  });

  it.each([
    ['clusters', {}, { clusters: 2 }, { clusters: 1 }, { clusters: 2 }, 'limit-clusters'],
    ['nodes', { ComputeMaxNodes: 5 }, { nodes: 5 }, {}, {}, 'limit-nodes'],
    ['disk', { MasterSystemVolumeSize: 100 }, { diskGb: 100 }, {}, {}, 'limit-disk'],
    ['spot price', { ComputeSpotPrice: 0.5 }, { spotPrice: 0.5 }, {}, {}, 'limit-spot-price'],
    ['lifetime', { Lifetime: 48 * HOUR }, { longestLifetime: '2d' }, {}, {}, 'limit-lifetime'],
    [
      'compute type',
      { ComputeInstanceType: 'c5.large' },
      { instanceTypes: ['r4.*', 'c5.*'] },
      {},
      {},
      'limit-instance-type',
    ],
    [
      'login type',
      { MasterInstanceType: 'c5.large' },
      { instanceTypes: ['r4.*', 'c5.*'] },
      {},
      {},
      'limit-instance-type',
    ],
    ['blueprint', { Blueprint: 'mine' }, { blueprints: ['mine'] }, {}, {}, 'limit-blueprint'],
    ['on demand', { ComputeSpotPrice: 'on-demand' }, { onDemand: true }, {}, {}, 'limit-on-demand'],
    [
      'mail domain',
      { NotifyEmail: 'bob@Example.ORG' },
      { mailDomains: ['@example.org'] },
      {},
      {},
      'limit-mail',
    ],
  ] as [string, Partial<Settings>, Partial<Limits>, Partial<Totals>, Partial<Totals>, string][])(
    'keeps the limit of %s at its edge',
    (what, asked, allows, fits, over, code) => {
      expect(codes(asked, allows, fits)).toEqual([]);
      const tighter: Readonly<Record<string, Partial<Limits>>> = {
        nodes: { nodes: 4 },
        disk: { diskGb: 99 },
        'spot price': { spotPrice: 0.49 },
        lifetime: { longestLifetime: '47h' },
        'compute type': { instanceTypes: ['r4.*'] },
        'login type': { instanceTypes: ['r4.*'] },
        blueprint: { blueprints: ['slurm'] },
        'on demand': { onDemand: false },
        'mail domain': { mailDomains: ['ample.org'] },
      };
      expect(codes(asked, { ...allows, ...tighter[what] }, over)).toEqual([code]);
    },
  );

  it('names the limit, what was asked, and whom to ask', () => {
    const [found] = judge({ ComputeMaxNodes: 60 });
    expect(found).toMatchObject({ code: 'limit-nodes', owner: 'author' });
    expect(found?.message).toContain('60');
    expect(found?.message).toContain('50');
    expect(found?.fix).toContain('the help desk');
  });

  it('takes the registered address by name or as it is', () => {
    expect(codes({ NotifyEmail: 'Alice@example.org' })).toEqual([]);
    expect(codes({ NotifyEmail: 'alice@example.com' })).toEqual(['limit-mail']);
    // A domain allows neither what only ends like it nor its subdomains.
    expect(codes({ NotifyEmail: 'a@notexample.com' }, { mailDomains: ['example.com'] })).toEqual([
      'limit-mail',
    ]);
    expect(codes({ NotifyEmail: 'a@x.example.com' }, { mailDomains: ['example.com'] })).toEqual([
      'limit-mail',
    ]);
  });

  it('counts spot without a cap as what it can cost: the on-demand price', () => {
    expect(codes({ ComputeSpotPrice: 'spot' }, { spotPrice: 0.01 })).toEqual([]);
    expect(codes({ ComputeSpotPrice: 'spot' }, { spotPrice: 0.133, onDemand: false })).toEqual([]);
    expect(codes({ ComputeSpotPrice: 'spot' }, { spotPrice: 0.132, onDemand: false })).toEqual([
      'limit-spot-price',
    ]);
    expect(
      codes(
        { ComputeSpotPrice: 'spot', ComputeInstanceType: 'hpc7a.12xlarge' },
        { spotPrice: 9, onDemand: false, usdPerHour: null, usdPerMonth: null },
      ),
    ).toEqual(['limit-spot-price']);
  });

  describe('money', () => {
    const perHour = priceOf(settings, blueprint, shippedCatalogue).usdPerHour ?? 0;

    it('keeps the limit per hour', () => {
      expect(codes({}, { usdPerHour: perHour })).toEqual([]);
      expect(codes({}, { usdPerHour: perHour - 0.001 })).toEqual(['limit-usd-per-hour']);
    });

    it('keeps the limit per month, with what is spent and promised', () => {
      const usdPerMonth = perHour * 10 + 7;
      expect(codes({}, { usdPerMonth }, { usdThisMonth: 6.99 })).toEqual([]);
      expect(codes({}, { usdPerMonth }, { usdThisMonth: 7.01 })).toEqual(['limit-usd-per-month']);
    });

    it('counts an unknown price as over any limit of money, and over none where there is none', () => {
      const unknown: Partial<Settings> = {
        ComputeInstanceType: 'p5e.48xlarge',
        ComputeSpotPrice: 'on-demand',
      };
      expect(codes(unknown)).toEqual(['price-unknown']);
      expect(codes(unknown, { usdPerHour: null })).toEqual(['price-unknown']);
      expect(codes(unknown, { usdPerMonth: null })).toEqual(['price-unknown']);
      expect(codes(unknown, { usdPerHour: null, usdPerMonth: null })).toEqual([]);
    });

    it('counts unknown costs of other clusters in the limit per month only', () => {
      expect(codes({}, {}, { usdThisMonth: null })).toEqual(['price-unknown']);
      expect(codes({}, { usdPerMonth: null }, { usdThisMonth: null })).toEqual([]);
    });
  });
});

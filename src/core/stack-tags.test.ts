import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anySettings } from '../../test/any-settings.ts';
import { sampleEntry } from '../../test/report/samples.ts';
import { clusterAt, identityOf, isUser } from './identity.ts';
import { readTags, tagsOf } from './stack-tags.ts';

const user = fc
  .string({ unit: fc.constantFrom(...Array.from('abcXYZ019_+=,.@-')), minLength: 1, maxLength: 64 })
  .filter(isUser);
/** Any folder that a key may have, hostile ones and ones that look like our own escapes included. */
const folder = fc.oneof(
  fc.string({ unit: fc.constantFrom(...Array.from('ab =0019_äß漢😀!"\'*,\\')), minLength: 1, maxLength: 90 }),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 9 }),
);
const bytes = (text: string) => new TextEncoder().encode(text).length;
const cluster = fc
  .tuple(user, fc.array(folder, { maxLength: 12 }))
  .map(([who, folders]) => clusterAt('hpc-home', ['home', who, ...folders, 'c'].join('/')))
  .filter((one) => bytes(one.path) <= 1000);
const notify = fc.option(
  fc.constantFrom('alice@example.org', "o'neil@example.org", 'a+b@x.de', `${'a'.repeat(300)}@b.c`),
  {
    nil: undefined,
  },
);

function tagged(
  one = clusterAt('hpc-home', 'home/alice/c'),
  more: { settings?: object; notify?: string | undefined } = {},
) {
  const { notify: _, ...sample } = sampleEntry();
  return {
    ...sample,
    cluster: one,
    settings: { ...sample.settings, ...more.settings },
    ...(more.notify !== undefined && { notify: more.notify }),
  };
}

describe('tags', () => {
  test('say whose cluster it is, to us and on the bill', () => {
    expect(
      tagsOf('hpc', 'i'.repeat(64), 'd'.repeat(64), tagged(undefined, { notify: 'alice@example.org' })),
    ).toEqual({
      USER: 'alice',
      project: 'alice',
      'clusterdrop:installation': 'hpc',
      'clusterdrop:cluster': 'i'.repeat(64),
      'clusterdrop:drop': 'd'.repeat(64),
      'clusterdrop:bucket': 'hpc-home',
      'clusterdrop:blueprint': 'slurm@abc',
      'clusterdrop:lifetime': '604800000',
      'clusterdrop:idle': 'off',
      'clusterdrop:path-0': 'home/alice/c',
      'clusterdrop:notify': 'alice@example.org',
    });
  });

  test('of any cluster are legal for AWS, and read back as they were', () => {
    fc.assert(
      fc.property(cluster, anySettings, notify, (one, settings, mail) => {
        const identity = identityOf('hpc', one);
        const tags = tagsOf('hpc', identity, 'drop', tagged(one, { settings, notify: mail }));
        expect(Object.keys(tags).length).toBeLessThanOrEqual(50);
        for (const [key, value] of Object.entries(tags)) {
          expect(key).toMatch(/^(?!aws:)[A-Za-z0-9:-]{1,128}$/);
          // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html: roles take the fewest characters of all.
          expect(value, key).toMatch(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u);
        }
        expect(readTags(tags)).toEqual({
          identity,
          installation: 'hpc',
          cluster: one,
          drop: 'drop',
          blueprint: { name: 'slurm', hash: 'abc' },
          lifetime: settings.Lifetime,
          idleTimeout: settings.IdleTimeout,
          // An address that no tag can hold is left out rather than changed.
          ...(mail !== undefined && !/'/.test(mail) && mail.length <= 256 && { notify: mail }),
        });
      }),
    );
  });

  test.each([
    ['as long as a key may be, of the characters that cost most', '!'.repeat(980)],
    ['of characters of three bytes', '漢'.repeat(320)],
    ['of half a character', '\ud800'.repeat(300)],
    ['that ends where a value ends', 'a'.repeat(512 - 'home/alice//c'.length)],
  ])('of a path %s', (_, middle) => {
    const one = clusterAt('hpc-home', `home/alice/${middle}/c`);
    const tags = tagsOf('hpc', 'i', 'd', tagged(one));
    expect(Object.keys(tags).length).toBeLessThanOrEqual(50);
    expect(Object.values(tags).every((value) => value.length > 0 && value.length <= 256)).toBe(true);
    expect(readTags(tags)?.cluster).toEqual(one);
  });

  test('tell users apart on the bill, a comma in the name or not', () => {
    const bill = (who: string) => tagsOf('hpc', 'i', 'd', tagged(clusterAt('b', `home/${who}/c`)))['USER'];
    expect(bill('a=b+c.d@e_f-g')).toBe('a=b+c.d@e_f-g');
    expect(bill('smith,ann')).not.toBe(bill('smithann'));
    expect(readTags(tagsOf('hpc', 'i', 'd', tagged(clusterAt('b', 'home/smith,ann/c'))))?.cluster.user).toBe(
      'smith,ann',
    );
  });
});

describe('reading tags', () => {
  const good = tagsOf('hpc', 'i', 'd', tagged());
  const without = (key: string) => Object.fromEntries(Object.entries(good).filter(([name]) => name !== key));

  test.each([
    ['none', {}],
    ['somebody else’s', { USER: 'alice', project: 'alice' }],
    ['no identity', without('clusterdrop:cluster')],
    ['no installation', without('clusterdrop:installation')],
  ])('%s: no stack of ours', (_, tags) => expect(readTags(tags)).toBeUndefined());

  test('what is missing is unknown, not invented', () => {
    expect(readTags({ 'clusterdrop:cluster': 'i', 'clusterdrop:installation': 'hpc' })).toEqual({
      identity: 'i',
      installation: 'hpc',
      cluster: { bucket: '', path: '', user: '', name: '' },
      drop: '',
      blueprint: { name: '', hash: '' },
      lifetime: Number.NaN,
      idleTimeout: 'off',
    });
  });
});

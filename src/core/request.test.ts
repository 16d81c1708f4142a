import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyRequest } from '../../test/any-settings.ts';
import { shippedCatalogue } from '../../test/shipped.ts';
import { DAY, HOUR } from './instant.ts';
import { readDefaults, readRequest } from './request.ts';

const context = { catalogue: shippedCatalogue };
const bytesOf = (text: string) => new TextEncoder().encode(text);
const read = (text: string) => readRequest(bytesOf(text), context);
const codes = (text: string) => read(text).problems.map(({ code }) => code);

describe('readRequest', () => {
  it('reads any settings in any spelling', () => {
    fc.assert(
      fc.property(anyRequest, ({ settings, text }) => {
        const { request, problems, named } = read(text);
        expect(problems).toEqual([]);
        expect(request).toEqual(settings);
        expect([...named.keys()].toSorted()).toEqual(Object.keys(settings).toSorted());
      }),
      { numRuns: 500 },
    );
  });

  it('is total: any bytes get an answer whose places lie inside the file', () => {
    const words =
      '{ } [ ] , : " \' \\ “ // /* # = é 😀 01 True null -5 "25" "r4.lagre" "__proto__" "toString"';
    const blanks = ['\n', '\r\n', '\u00a0', '\0', '\u0001'];
    const pieces = fc.constantFrom(...words.split(' '), ...blanks, '"ComputeMaxNodes"', '"Lifetime"');
    const soup = fc.array(pieces, { maxLength: 40 }).map((parts) => bytesOf(parts.join('')));
    const torn = fc.tuple(anyRequest, fc.nat(), fc.nat(3), pieces).map(([{ text }, at, cut, piece]) => {
      const place = at % text.length;
      return bytesOf(text.slice(0, place) + piece + text.slice(place + cut));
    });
    fc.assert(
      fc.property(fc.oneof(soup, torn, fc.uint8Array({ maxLength: 200 })), (bytes) => {
        const { problems, text, request, named } = readRequest(bytes, context);
        const lines = text.split(/\r\n|\n|\r/);
        for (const { at, message, fix } of problems) {
          expect(message + fix).not.toContain('undefined');
          if (!at) continue;
          expect(at.line).toBeGreaterThanOrEqual(1);
          expect(at.line).toBeLessThanOrEqual(lines.length);
          expect(at.column).toBeGreaterThanOrEqual(1);
          // One past the end is where something is missing; the CR of a CRLF counts as well.
          expect(at.column).toBeLessThanOrEqual(Array.from(lines[at.line - 1] ?? '').length + 2);
        }
        for (const name of Object.keys(request)) expect(named.has(name as never)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  }, 60_000);

  it.each([
    ['keys', `{${Array.from({ length: 5000 }, (_, index) => `"Compute${index}":1`).join(',')}}`],
    ['one key again and again', `{${'"Lifetime":8,'.repeat(5000)}"a":1}`],
    ['a long key', `{"${'k'.repeat(65_000)}": 1}`],
    ['a long instance type', `{"ComputeInstanceType": "${'r4.-2C-'.repeat(9000)}"}`],
    ['a long duration', `{"Lifetime": "${'1d '.repeat(21_000)}"}`],
    ['a long number', `{"ComputeMaxNodes": "${'1'.repeat(65_000)}"}`],
    ['a long address', `{"NotifyEmail": "${'a.'.repeat(30_000)}@b"}`],
    ['number words', `{"ComputeMaxNodes": "${'one '.repeat(16_000)}"}`],
    ['brackets', '['.repeat(65_536)],
  ])('bounds its answer to 64 kB of %s', (_, text) => {
    const { problems } = read(text);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.length).toBeLessThanOrEqual(51);
    for (const { message, fix } of problems) expect((message + fix).length).toBeLessThan(600);
  });

  it.each([
    ['{"ComputeInstanceType": "other"}', {}],
    [
      '{"ComputeInstanceType": "r4.large", "ComputeInstanceTypeOther": "r4.large-2C-15.25GB"}',
      { ComputeInstanceType: 'r4.large' },
    ],
    ['{"ComputeInstanceTypeOther": "r4.large"}', { ComputeInstanceType: 'r4.large' }],
    ['{"Lifetime": "1d12h", "IdleTimeout": "OFF"}', { Lifetime: 36 * HOUR, IdleTimeout: 'off' }],
    ['{"ComputeSpotPrice": -0}', { ComputeSpotPrice: 'on-demand' }],
    ['{"ComputeInitialNodes": -0}', { ComputeInitialNodes: 0 }],
    ['{"ComputeInitialNodes": "-0"}', { ComputeInitialNodes: 0 }],
    ['{"ComputeMaxNodes": 2.5e1}', { ComputeMaxNodes: 25 }],
    ['{"$schema": 1, "//": null, "//": [], "// note": {}}', {}],
    ['{"Comp\\u0075teMaxNodes": 3}', { ComputeMaxNodes: 3 }],
  ])('reads %s', (text, request) => {
    expect(read(text).problems).toEqual([]);
    expect(read(text).request).toEqual(request);
  });

  it('does not believe one key of a pair whose other key is wrong', () => {
    for (const text of [
      '{"ComputeInstanceType": "r4.lagre", "ComputeInstanceTypeOther": "c4.large"}',
      '{"ComputeInstanceTypeOther": "r4.lagre", "ComputeInstanceType": "c4.large"}',
      '{"ComputeInstanceType": "r4.large", "ComputeInstanceTypeOther": "c4.large"}',
    ]) {
      const { request, named } = read(text);
      expect(request).toEqual({});
      expect([...named.keys()]).toEqual(['ComputeInstanceType']);
    }
  });

  it('tells mistakes in the order of the file, whatever their kind', () => {
    const found = read(
      '{\n"Colour": 1,\n"Lifetime": 8,,\n"ComputeMaxNodes": "few",\n"Blueprint": True}',
    ).problems;
    expect(found.map(({ code, at }) => [code, at?.line])).toEqual([
      ['unknown-key', 2],
      ['needs-unit', 3],
      ['not-json', 3],
      ['not-a-number', 4],
      ['not-json', 5],
      ['wrong-type', 5],
    ]);
  });

  it('takes the last of two equal keys for what was meant, and says where both stand', () => {
    const { request, problems } = read('{"ComputeMaxNodes": 4,\n\n"ComputeMaxNodes": 5}');
    expect(request).toEqual({ ComputeMaxNodes: 5 });
    expect(problems).toMatchObject([{ code: 'duplicate-key', at: { line: 3, column: 1 } }]);
    expect(problems[0]?.message).toContain('line 1 and in line 3');
  });

  it('tells a syntax fault that was made often once, with its lines', () => {
    const { problems } = read("{\n'ComputeMaxNodes': 4,\n'Lifetime': '8h'\n}");
    expect(problems).toMatchObject([{ code: 'not-json', at: { line: 2, column: 1 } }]);
    expect(problems[0]?.message).toContain('(also in line 3)');
  });

  it.each([['AccessUsername'], ['accessusername'], ['FlightProfiles']])(
    'refuses %s, which would be somebody else',
    (key) => {
      expect(codes(`{"${key}": "bob"}`)).toEqual(['key-from-folder']);
    },
  );

  it('never lets a file reach a prototype', () => {
    const { request, problems } = read(
      '{"__proto__": {"ComputeMaxNodes": 9}, "constructor": 1, "hasOwnProperty": 1}',
    );
    expect(request).toEqual({});
    expect(problems.map(({ code }) => code)).toEqual(['unknown-key', 'unknown-key', 'unknown-key']);
    expect(({} as Record<string, unknown>)['ComputeMaxNodes']).toBeUndefined();
  });
});

describe('readDefaults', () => {
  it('reads the vocabulary of the file', () => {
    const { request, problems } = readDefaults(
      {
        ComputeInstanceType: 'other',
        ComputeInstanceTypeOther: 'c4.large-2C-3.75GB',
        ComputeSpotPrice: '0.03',
        Lifetime: '7d',
        ComputeMaxNodes: 4,
        AutoscalingPolicy: true,
      },
      shippedCatalogue,
    );
    expect(problems).toEqual([]);
    expect(request).toEqual({
      ComputeInstanceType: 'c4.large',
      ComputeSpotPrice: 0.03,
      Lifetime: 7 * DAY,
      ComputeMaxNodes: 4,
      AutoscalingPolicy: 'enabled',
    });
  });

  it('says what an administrator got wrong, even what the types forbid', () => {
    const wrong = { ComputeMaxNodes: 'many', Colour: 'blue', Lifetime: null } as unknown as Record<
      string,
      string
    >;
    expect(readDefaults(wrong, shippedCatalogue).problems.map(({ code }) => code)).toEqual([
      'unknown-key',
      'not-a-number',
      'wrong-type',
    ]);
  });
});

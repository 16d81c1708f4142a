import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText, anyTurn } from '../../../test/report/arbitrary-observed.ts';
import { CLUSTER, INSTALLATION, PROBLEMS } from '../../../test/report/samples.ts';
import { RUNNING, statusAt } from '../../../test/report/status-at.ts';
import { readStatus, renderStatus, statusOf } from './status-file.ts';

describe('readStatus', () => {
  const anyStatus = fc
    .tuple(anyTurn, fc.boolean(), fc.oneof(anyText, fc.json()))
    .map(([{ observed, decision, now }, simulated, text]) => {
      const create = observed.create && { ...observed.create, text };
      const seen = { ...observed, ...(create && { create }) };
      return statusOf({
        cluster: CLUSTER,
        observed: seen,
        decision,
        installation: { ...INSTALLATION, simulated },
        now,
      });
    });

  it('reads what was written, and what was written is safe to show', () => {
    fc.assert(
      fc.property(anyStatus, (status) => {
        const text = renderStatus(status);
        expect(text).toMatch(/^\{\n {2}"version": 1,\n/);
        expect(text).not.toMatch(/(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
        expect(readStatus(text)).toEqual(status);
      }),
    );
  });

  it('never fails, whatever somebody wrote', () => {
    const forged = fc.oneof(
      anyText,
      fc.json(),
      fc.tuple(anyStatus, fc.nat(), anyText).map(([status, at, text]) => {
        const whole = renderStatus(status);
        return whole.slice(0, at % whole.length) + text;
      }),
      fc
        .tuple(anyStatus, fc.string(), fc.jsonValue())
        .map(([status, key, value]) => JSON.stringify({ ...status, [key]: value })),
    );
    fc.assert(
      fc.property(forged, (text) => {
        const status = readStatus(text);
        if (status) expect(readStatus(renderStatus(status))).toEqual(status);
      }),
    );
  });

  it.each([
    ['another state', { state: 'free' }],
    ['no date', { since: 'yesterday' }],
    ['another outcome', { drop: { id: 'x', action: 'create', outcome: 'maybe' } }],
    ['a text for problems', { problems: 'none' }],
    [
      'an infinite price',
      { price: { estimate: '', usdPerHour: '1', usdUntilEnd: 1, parts: [], date: '', region: '' } },
    ],
    ['a problem of nobody', { problems: [{ ...PROBLEMS[0], owner: 'nobody' }] }],
    ['no version', { version: undefined }],
    ['settings that are lists', { settings: { ComputeMaxNodes: [1] } }],
    ['an address that is a list', { address: ['192.0.2.17'] }],
  ])('does not take %s', (_, wrong) => {
    const status = statusAt(RUNNING);
    expect(readStatus(renderStatus(status))).toEqual(status);
    expect(readStatus(JSON.stringify({ ...status, ...wrong }))).toBeUndefined();
  });

  it('does not take what is too long or too deep to be one of ours', () => {
    const status = renderStatus(statusAt(RUNNING));
    expect(readStatus(status + ' '.repeat(2_000_000))).toBeUndefined();
    expect(readStatus(status.replace('{', `{"deep": ${'['.repeat(50)}${']'.repeat(50)},`))).toBeUndefined();
  });

  it('lets fields pass that a later version may have', () => {
    expect(readStatus(JSON.stringify({ ...statusAt(RUNNING), version: 2, colour: 'red' }))?.state).toBe(
      'running',
    );
  });
});

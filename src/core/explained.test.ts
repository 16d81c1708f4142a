import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '../../test/report/arbitrary-observed.ts';
import { explained, headOf } from './explained.ts';
import { problem } from './problems.ts';

const told = (reason: string) => explained(reason, (head) => problem('creation-refused', { reason: head }));

describe('explained', () => {
  it('tells the first line, and keeps the others', () => {
    expect(told('the step packages failed\n\nE: no room\r\n  on the disk  \n10 %\r20 %\n')).toEqual({
      ...problem('creation-refused', { reason: 'the step packages failed' }),
      log: ['E: no room', '  on the disk', '10 %', '20 %'],
    });
  });

  it('is a plain problem where there is nothing more to tell', () => {
    expect(told('no capacity')).toEqual(problem('creation-refused', { reason: 'no capacity' }));
    expect(told('\n')).toEqual(problem('creation-refused', { reason: '' }));
    expect(headOf('')).toBe('');
  });

  it('keeps the end of a long log', () => {
    const lines = Array.from({ length: 100 }, (_, n) => `line ${n}`);
    expect(told(['it failed', ...lines].join('\n')).log).toEqual(lines.slice(60));
    const long = Array.from({ length: 40 }, (_, n) => `${n} ${'x'.repeat(300)}`);
    const { log = [] } = told(['it failed', ...long].join('\n'));
    expect(log.at(-1)).toBe(long.at(-1));
    expect(log.join('\n').length).toBeLessThanOrEqual(4000);
    expect(long.slice(-log.length)).toEqual(log);
  });

  it('is never long, whatever a program wrote', () => {
    fc.assert(
      fc.property(fc.array(anyText), fc.nat(3000), (lines, times) => {
        const { message, log = [] } = told(`${lines.join('\n')}${'y'.repeat(times)}`);
        expect(message.length).toBeLessThan(500);
        expect(log.length).toBeLessThanOrEqual(40);
        expect(log.join('\n').length).toBeLessThanOrEqual(4000);
        expect(log.join('')).not.toMatch(/[\r\n]/);
      }),
    );
  });
});

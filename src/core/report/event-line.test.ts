import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText, anyTurn } from '../../../test/report/arbitrary-observed.ts';
import { CLUSTER, START } from '../../../test/report/samples.ts';
import { clusterAt } from '../identity.ts';
import { eventLine } from './event-line.ts';

describe('eventLine', () => {
  it('is one line in columns', () => {
    const lines = [
      eventLine(START, CLUSTER, { step: { kind: 'note-ready' }, why: 'the cluster is ready' }),
      eventLine(START, clusterAt('b', 'home/bob/project/big'), {
        state: 'starting',
        why: 'the cluster is being built',
      }),
    ];
    expect(lines.join('\n')).toMatchInlineSnapshot(`
      "15:04:05  alice/mycluster           ready      the cluster is ready
      15:04:05  bob/project/big           starting   the cluster is being built"
    `);
  });

  it('never moves a terminal’s cursor', () => {
    const turn = fc.oneof(
      anyTurn.map(({ decision }) => decision),
      fc.record({ state: anyText, why: anyText }),
    );
    fc.assert(
      fc.property(anyText, turn, (path, what) => {
        expect(eventLine(START, clusterAt('b', path), what)).not.toMatch(
          /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u,
        );
      }),
    );
  });
});

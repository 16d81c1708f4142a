import { describe, expect, it } from 'vitest';
import { clusterAt, dropIdOf } from '../../src/core/identity.ts';
import type { StatusFile } from '../../src/core/report/status-file.ts';
import { judgeAnswer } from '../../src/engine/client/judge-answer.ts';

const cluster = clusterAt('b', 'home/alice/demo');
const key = 'home/alice/demo.cf-create';
const file = (version: string, at = key) => ({ key: at, version, modified: 0, size: 0 });
const drop = { id: dropIdOf('b', key, 'v1'), action: 'create', cluster } as const;

function status(state: StatusFile['state'], more: Partial<StatusFile> = {}, id = drop.id): StatusFile {
  const base = { version: 1, cluster: 'demo', path: cluster.path, user: 'alice', simulated: true };
  const answered = { id, action: 'create', outcome: 'done' } as const;
  return { ...base, drop: answered, state, why: '', next: '', problems: [], ...more };
}
const outcome = (word: 'pending' | 'accepted' | 'refused') => ({
  drop: { id: drop.id, action: 'create' as const, outcome: word },
});
const judge = (one: StatusFile | undefined, files: Record<string, ReturnType<typeof file>> = {}) =>
  judgeAnswer(drop, { cluster, files: new Map(Object.entries(files)) as never, ...(one && { status: one }) })
    .kind;

describe('what one look tells of a drop', () => {
  it.each([
    ['running with an address', status('running', { address: '192.0.2.1' }), 'done'],
    ['running, address not known yet', status('running'), 'answering'],
    ['pending', status('waiting', outcome('pending')), 'answering'],
    ['being built', status('starting', outcome('accepted')), 'answering'],
    ['refused', status('refused', outcome('refused')), 'refused'],
    ['failed, the reason not known yet', status('failed', outcome('refused')), 'answering'],
    ['ready once, going by now', status('stopping'), 'ended'],
    ['stuck', status('stuck', outcome('accepted')), 'ended'],
  ] as const)('%s', (_, one, kind) => {
    expect(judge(one)).toBe(kind);
  });

  it("is nothing as long as the file lies there and the status is another one's", () => {
    const other = status('running', { address: '192.0.2.1' }, 'another drop');
    expect(judge(other, { '.cf-create': file('v1') })).toBe('unanswered');
    expect(judge(undefined, { '.cf-create': file('v1') })).toBe('unanswered');
  });

  it('is that it was replaced when another write lies there', () => {
    expect(judge(undefined, { '.cf-create': file('v2') })).toBe('replaced');
    expect(judge(status('running', {}, 'another drop'))).toBe('nowhere');
  });
});

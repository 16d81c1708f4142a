import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '../../test/report/arbitrary-observed.ts';
import { HOSTILE } from '../../test/report/samples.ts';
import { readClusterReport } from './cluster-report.ts';
import { instantOf } from './instant.ts';

const AT = '2026-11-22T10:00:00Z';
const WHOLE = {
  version: 1,
  at: AT,
  lastUse: '2026-11-22T09:00:00.5Z',
  nodes: { most: 4, up: 2, coming: 1, working: 1, leaving: 0, down: 0 },
  jobs: { running: 1, waiting: 3 },
  sessions: 1,
  disk: { usedGb: 1.2, totalGb: 16 },
  notices: ['node-3 does not come: no memory left'],
  standing: ['the login node was started again'],
  files: { savedAt: '2026-11-22T09:58:00Z', count: 12, bytes: 3456, trouble: 'the disk is full' },
};
const read = (more: object) => readClusterReport(JSON.stringify({ ...WHOLE, ...more }));
const NO_PARTS = { at: instantOf(AT), notices: [] };

function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}

describe('readClusterReport', () => {
  it('reads a whole report', () => {
    const { version: _, ...parts } = WHOLE;
    expect(read({ more: 'of a later version' })).toEqual({
      ...parts,
      at: instantOf(AT),
      lastUse: instantOf(WHOLE.lastUse),
      files: { ...WHOLE.files, savedAt: instantOf(WHOLE.files.savedAt) },
    });
    expect(readClusterReport(JSON.stringify({ at: AT }))).toEqual(NO_PARTS);
  });

  it.each(['', '{', 'null', '[]', '"x"', '7', '{}', '{"at":7}', '{"at":"now"}', '['.repeat(60_000)])(
    'takes %.20s for no report',
    (text) => expect(readClusterReport(text)).toBeUndefined(),
  );

  it.each([
    ['lastUse', '2026-11-22T10:00:01Z'],
    ['lastUse', 7],
    ['lastUse', '2026-02-30T10:00:00Z'],
    ['nodes', { ...WHOLE.nodes, up: -1 }],
    ['nodes', { ...WHOLE.nodes, up: 1.5 }],
    ['nodes', { ...WHOLE.nodes, up: '2' }],
    ['nodes', { ...WHOLE.nodes, up: 1e9 }],
    ['nodes', { ...WHOLE.nodes, down: undefined }],
    ['nodes', [4, 2, 1, 1, 0, 0]],
    ['jobs', { running: 1 }],
    ['jobs', { running: 1, waiting: null }],
    ['sessions', -1],
    ['sessions', 1e300],
    ['disk', { usedGb: '1', totalGb: 16 }],
    ['disk', { usedGb: 1, totalGb: -16 }],
    ['files', 'all of them'],
  ])('leaves out %s where it is %j, and nothing else', (name, value) => {
    const { [name as 'jobs']: _, ...rest } = read({}) ?? {};
    expect(read({ [name]: value })).toEqual(rest);
  });

  it('leaves out what is odd of the files', () => {
    expect(read({ files: { savedAt: 'lately', count: -1, bytes: 1e300, trouble: 7 } })?.files).toEqual({});
  });

  it('does not take numbers that JSON does not know', () => {
    const text = JSON.stringify(WHOLE).replace('"usedGb":1.2', '"usedGb":1e999');
    expect(readClusterReport(text)?.disk).toBeUndefined();
  });

  it('shows a few short notices, each in one line', () => {
    const notices = read({
      notices: [7, null, '', ' \n', ...HOSTILE, ...Array(50).fill('\u202e'.repeat(900))],
    })?.notices;
    expect(notices?.length).toBeLessThanOrEqual(20);
    for (const text of notices ?? []) expect(text.length).toBeLessThanOrEqual(300);
    expect(notices?.join('')).not.toMatch(/(?!\u200d)[\p{Cc}\p{Cf}\p{Cs}]/u);
    expect(read({ notices: 'all is well' })?.notices).toEqual([]);
  });

  it('never fails and never believes what cannot be, whatever a node writes', () => {
    const anyValue = fc.oneof(
      fc.jsonValue(),
      anyText,
      fc.double().map((value) => (Number.isFinite(value) ? value : 0)),
      fc.constantFrom(-0, 1e308, { __proto__: null, toString: 7 }, AT),
    );
    const anyPart = fc.oneof(
      anyValue,
      fc.dictionary(
        fc.constantFrom('most', 'up', 'running', 'usedGb', 'totalGb', 'savedAt', 'count', 'bytes', 'trouble'),
        anyValue,
      ),
      fc.array(anyText),
    );
    const anyReport = fc.dictionary(
      fc.constantFrom(...Object.keys(WHOLE), '__proto__', 'constructor'),
      anyPart,
    );
    fc.assert(
      fc.property(anyReport, (told) => {
        const report = readClusterReport(JSON.stringify({ ...told, at: AT }));
        const text = JSON.stringify(report);
        // Whatever it is, it can be written and read again as the same, and is short.
        expect(JSON.parse(text)).toEqual(report);
        expect(text.length).toBeLessThan(20 * 310 * 2 + 1000);
        for (const value of numbersIn(report)) expect(value).toBeGreaterThanOrEqual(0);
      }),
    );
    fc.assert(fc.property(fc.oneof(anyText, fc.json()), (text) => void readClusterReport(text)));
  });
});

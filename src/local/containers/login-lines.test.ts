import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LoginLine, LoginLineReader, linesOf } from './login-lines.ts';

function read(...lines: readonly string[]): LoginLine[] {
  const reader = new LoginLineReader();
  return lines.flatMap((line) => reader.read(line) ?? []);
}

describe('what a login host tells', () => {
  it('is read line by line', () => {
    expect(
      read(
        'boot step 40-profile',
        'boot ready ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEzDO6yR5F5yWqvh8p9jaq0lWMEkwbjoIiUYmlyNMdE0',
        'nodes node-1 node-12',
        'nodes',
        'report {"version":1}',
      ),
    ).toEqual([
      { kind: 'step', name: '40-profile' },
      {
        kind: 'ready',
        hostKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEzDO6yR5F5yWqvh8p9jaq0lWMEkwbjoIiUYmlyNMdE0',
      },
      { kind: 'nodes', numbers: [1, 12] },
      { kind: 'nodes', numbers: [] },
      { kind: 'report', json: '{"version":1}' },
    ]);
  });

  it('holds a failed step together with its last lines', () => {
    expect(read('boot failed 60-slurm', 'boot log first', 'boot log  second', 'boot end')).toEqual([
      { kind: 'failed', name: '60-slurm', log: ['first', ' second'] },
    ]);
  });

  it.each([
    ['an unknown topic', 'hello world'],
    ['a log line without a failure', 'boot log text'],
    ['an end without a failure', 'boot end'],
    ['a report that is no object', 'report 17'],
  ])('leads to nothing: %s', (_, line) => {
    expect(read(line)).toEqual([]);
  });

  it('names no host but node-1 to node-10000, and each once', () => {
    expect(
      read('nodes node-1 node-1 node-0 node-01 login ../x node-10001 node--1 node-7;rm node-10000'),
    ).toEqual([{ kind: 'nodes', numbers: [1, 10_000] }]);
  });

  it('takes no host key that is none', () => {
    expect(read("boot ready ssh-ed25519 '; rm -rf /")).toEqual([{ kind: 'ready', hostKey: '' }]);
  });

  it('bounds whatever a user who is root there may send', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.constantFrom('boot failed x', 'boot log y', 'nodes '))),
        (lines) => {
          for (const line of read(...lines)) {
            if (line.kind === 'nodes')
              expect(line.numbers.every((number) => number >= 1 && number <= 9999)).toBe(true);
            if (line.kind === 'failed') expect(line.log.length).toBeLessThanOrEqual(40);
            if (line.kind === 'step') expect(line.name).toMatch(/^[\w .:-]{1,60}$/);
          }
        },
      ),
    );
  });

  it('ends where a line is longer than any of ours', async () => {
    const lines: string[] = [];
    for await (const line of linesOf(Readable.from(['nodes\n', 'x'.repeat(70_000), '\nnodes node-1\n'])))
      lines.push(line);
    expect(lines).toEqual(['nodes']);
  });
});

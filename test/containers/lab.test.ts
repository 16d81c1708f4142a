import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, inject, test } from 'vitest';

const place = inject('lab');

describe.skipIf(!place)('the lab', () => {
  const inside = (...command: string[]) =>
    execFileSync('nsenter', [`--net=/proc/${place?.process}/ns/net`, ...command], { encoding: 'utf8' });

  test('has no way out', () => {
    expect(inside('ip', 'route', 'show', 'default')).toBe('');
    expect(inside('ip', '-6', 'route', 'show', 'default')).toBe('');
  });

  test('mounts nothing outside', () => {
    expect(readFileSync('/proc/self/mounts', 'utf8')).not.toContain('/clusterdrop-test-');
  });
});

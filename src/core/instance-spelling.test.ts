import { describe, expect, it } from 'vitest';
import { shippedCatalogue } from '../../test/shipped.ts';
import { instanceSpelling } from './instance-spelling.ts';

const read = (text: string) => instanceSpelling(text, shippedCatalogue);

describe('instanceSpelling', () => {
  it.each([
    ['r4.large', 'r4.large'],
    [' R4.Large ', 'r4.large'],
    ['r4.large-2C-15.25GB', 'r4.large'],
    ['r4.large-2c-15.25gb', 'r4.large'],
    ['r4.large-2CPU-15.25GB', 'r4.large'],
    ['compute-2C-3.75GB.small-c4.large', 'c4.large'],
    ['u-12tb1.112xlarge', 'u-12tb1.112xlarge'],
    ['memory-448C-12288GB.huge-u-12tb1.112xlarge', 'u-12tb1.112xlarge'],
    ['m7i-flex.large-2C-8GB', 'm7i-flex.large'],
    ['p2.xlarge-1GPU-4C-61GB', 'p2.xlarge'],
    ['f1.2xlarge-1FPGA-8C-122GB', 'f1.2xlarge'],
    ['g4dn.xlarge-1GPU-4C-16GB', 'g4dn.xlarge'],
    // Published as 15.25 although EC2 now says 15 GiB, and as GB of 10^9 bytes.
    ['r3.large-2C-15.25GB', 'r3.large'],
    ['r4.large-2C-16.4GB', 'r4.large'],
  ])('%j is %s', (text, type) => {
    expect(read(text)).toEqual({ kind: 'type', type });
  });

  it.each([
    ['r4.large-8C-1GB', 'r4.large', '2C-15.25GB'],
    ['r4.large-2C-30.5GB', 'r4.large', '2C-15.25GB'],
    ['r4.large-4C-15.25GB', 'r4.large', '2C-15.25GB'],
    ['g4dn.xlarge-2GPU-4C-16GB', 'g4dn.xlarge', '1GPU-4C-16GB'],
    ['compute-8C-15GB.medium-c4.large', 'c4.large', '2C-3.75GB'],
  ])('%j contradicts %s, which is %s', (text, type, real) => {
    expect(read(text)).toEqual({ kind: 'wrong-shape', type, real });
  });

  it.each([
    ['r4.lagre', 'r4.lagre'],
    ['r4.lagre-2C-15.25GB', 'r4.lagre'],
    ['compute-2C-3.75GB.small-c4.lagre', 'c4.lagre'],
    ['-2C-4GB', ''],
    ['__proto__', '__proto__'],
  ])('%j is not known as %s', (text, type) => {
    expect(read(text)).toEqual({ kind: 'unknown', type });
  });

  it('knows the word other', () => {
    expect(read('Other')).toEqual({ kind: 'other' });
  });
});

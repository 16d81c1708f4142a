import { expect, it } from 'vitest';
import { isInTheWay } from '../engine/problems-of.ts';
import { usersDoing } from './users-doing.ts';

/** As the file system's calls throw them. */
const failure = (code: string, path: string, syscall = 'open', dest?: string) =>
  Object.assign(new Error(`${code}: '${path}'`), {
    code,
    path,
    syscall,
    ...(dest !== undefined && { dest }),
  });

it.each([
  ['a closed folder', failure('EACCES', '/bucket/home/alice/p/c.cf-status'), true],
  [
    'a folder that nothing can be written to',
    failure('EACCES', '/own/tmp/1', 'link', '/bucket/home/alice/c.cf-status'),
    true,
  ],
  ['links in a circle', failure('ELOOP', '/bucket/home/alice/p'), true],
  ['her own folder, closed', failure('EACCES', '/bucket/home/alice', 'scandir'), true],
  ['the folder of all', failure('EACCES', '/bucket/home', 'scandir'), false],
  ['the folder of somebody else', failure('EACCES', '/bucket/home/bob/p'), false],
  ['a folder of our own', failure('EACCES', '/own/tmp/1'), false],
  ['another folder whose name begins alike', failure('EACCES', '/bucket-2/x'), false],
  ['a disk that is full or broken', failure('EIO', '/bucket/home/alice'), false],
  ['a bug', new TypeError('x is not a function'), false],
])('tells what people can have done from what they cannot: %s', (_, error, isTheirs) => {
  const told = usersDoing(error, '/bucket', 'home/alice/c.cf-status');
  expect(isInTheWay(told)).toBe(isTheirs);
  if (isTheirs)
    expect(told).toMatchObject({ code: error instanceof TypeError ? '' : (error as { code?: string }).code });
  else expect(told).toBe(error);
});

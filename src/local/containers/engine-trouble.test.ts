import { expect, it } from 'vitest';
import { engineTrouble } from './engine-trouble.ts';

/** As the client throws them. */
function said(statusCode: number, message: string): Error {
  return Object.assign(new Error(`(HTTP code ${statusCode}) server error - ${message}`), { statusCode });
}

it.each([
  [
    Object.assign(new Error('connect ECONNREFUSED /run/docker.sock'), { code: 'ECONNREFUSED' }),
    'gone',
    'does not answer',
  ],
  [
    Object.assign(new Error('connect EACCES /run/docker.sock'), { code: 'EACCES', syscall: 'connect' }),
    'gone',
    'does not answer',
  ],
  [
    Object.assign(new Error("EACCES: permission denied, open '/home/alice/authorized_keys'"), {
      code: 'EACCES',
      syscall: 'open',
    }),
    'other',
    "permission denied, open '/home/alice/authorized_keys'",
  ],
  [
    said(500, "Ports are not available: listen tcp 127.77.1.1:22: bind: can't assign requested address"),
    'taken',
    'assign requested address',
  ],
  [
    said(500, 'write /x: no space left on device'),
    'lacking',
    'the disk of the container engine is full (write /x: no space left on device)',
  ],
  [said(404, 'No such image: sha256:1'), 'absent', 'the image of the hosts is not there any more'],
  [
    said(500, 'could not find an available, non-overlapping IPv4 address pool among the defaults'),
    'lacking',
    'no addresses left',
  ],
  [
    said(
      500,
      'driver failed programming external connectivity: listen tcp4 127.77.1.1:22: bind: address already in use',
    ),
    'taken',
    'address already in use',
  ],
  [said(409, 'Conflict. The container name is in use'), 'conflict', 'Conflict'],
  [
    said(500, 'failed to update store for object type *libnetwork.endpoint'),
    'inner',
    'failed to update store',
  ],
  [said(409, 'Container ab9a is not running'), 'inner', 'is not running'],
  [
    Object.assign(new Error("ENOSPC: no space left on device, write '/srv/x'"), {
      code: 'ENOSPC',
      syscall: 'write',
    }),
    'lacking',
    'keeps its records on is full (ENOSPC)',
  ],
  [new Error('something else'), 'other', 'something else'],
])('is told in words: %s', (error, kind, words) => {
  const trouble = engineTrouble(error);
  expect(trouble.kind).toBe(kind);
  expect(trouble.message).toContain(words);
  expect(trouble.message).not.toContain('HTTP code');
  expect(engineTrouble(trouble)).toBe(trouble);
});

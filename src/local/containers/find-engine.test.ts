import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineTrouble } from './engine-trouble.ts';
import { findEngine, socketsOf, triedSocket } from './find-engine.ts';

let home: string;
const ends: (() => void)[] = [];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'engine-'));
});
afterEach(() => {
  for (const end of ends.splice(0)) end();
  rmSync(home, { recursive: true, force: true });
});

/** What answers like an engine. */
async function listen(path: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const server = createServer((request, response) =>
    response.end(request.url?.endsWith('version') ? '{"Version": "29.1.0+dfsg"}' : 'OK'),
  );
  await new Promise<void>((resolve) => server.listen(path, resolve));
  ends.push(() => server.close());
}

it('is found at the socket that DOCKER_HOST names', async () => {
  const socket = join(home, 'x.sock');
  await listen(socket);
  expect(await findEngine({ DOCKER_HOST: `unix://${socket}` })).toMatchObject({
    name: 'Docker 29.1.0',
    socket,
  });
});

it('is looked for where Docker Desktop listens, on Linux and macOS', () => {
  const sockets = socketsOf({ HOME: '/home/ada' });
  expect(sockets).toContain('/home/ada/.docker/desktop/docker.sock');
  expect(sockets).toContain('/home/ada/.docker/run/docker.sock');
});

describe('where none answers', () => {
  it('tells of each place, and how to get one', async () => {
    const found = await findEngine({ DOCKER_HOST: `unix://${home}/no.sock` });
    expect(found).toMatchObject({ tried: [{ why: 'there is no such socket' }] });
    expect('help' in found && found.help).toContain('apt-get install docker.io');
  });

  it('tells of a socket that was left behind that its engine does not run', async () => {
    const socket = join(home, 'old.sock');
    await listen(join(home, 'new.sock'));
    // What is closed under another name stays where it is.
    renameSync(join(home, 'new.sock'), socket);
    for (const end of ends.splice(0)) end();
    expect(await findEngine({ DOCKER_HOST: `unix://${socket}` })).toMatchObject({
      tried: [{ socket, why: 'nothing listens there' }],
      help: `The container engine of ${socket} does not run: start it.`,
    });
  });

  it('speaks to somebody who has just installed Docker', () => {
    const tried = (code: string) =>
      triedSocket('/var/run/docker.sock', new EngineTrouble('gone', code, { cause: { code } }));
    expect(tried('EACCES')).toMatchObject({
      why: 'you may not use it',
      help: expect.stringContaining('sudo usermod -aG docker $USER') as string,
    });
    expect(tried('ECONNREFUSED').help).toContain('sudo systemctl start docker');
    expect(tried('ETIMEDOUT')).toEqual({ socket: '/var/run/docker.sock', why: 'ETIMEDOUT' });
  });
});

import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { engineThat } from '../../../test/local/engine-that.ts';
import type { EngineHome } from './engine-home.ts';
import { EngineTrouble } from './engine-trouble.ts';
import { findEngine, socketsOf, triedSocket } from './find-engine.ts';

let home: string;
const ends: (() => Promise<void>)[] = [];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'engine-'));
});
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
  rmSync(home, { recursive: true, force: true });
});

async function listen(path: string, how?: Parameters<typeof engineThat>[1]): Promise<void> {
  ends.push(await engineThat(path, how));
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
    for (const end of ends.splice(0)) await end();
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

describe('where clusters live already', () => {
  const named = (socket: string) => ({ DOCKER_HOST: `unix://${socket}` });
  const homeAt = (socket: string, id = 'home'): EngineHome => ({
    kept: { id, name: 'Docker 28.0.1', socket },
    stacks: new Set(['stack']),
  });

  it('is the engine that they live in, and no other one that answers', async () => {
    const [socket, other] = [join(home, 'home.sock'), join(home, 'other.sock')];
    await listen(other, { id: 'other', stacks: ['of somebody else'] });
    expect(await findEngine(named(other), homeAt(socket))).toEqual({
      tried: [{ socket: other, why: 'another engine answers, Docker 29.1.0' }],
      help: `Let DOCKER_HOST be unix://${socket}, and see that Docker 28.0.1 runs.`,
    });
    await listen(socket, { id: 'home' });
    expect(await findEngine(named(socket), homeAt(socket))).toMatchObject({ id: 'home', socket });
  });

  it('is looked for first where it was, and then everywhere', () => {
    const sockets = socketsOf({ HOME: '/home/ada' }, '/home/ada/.colima/default/docker.sock');
    expect(sockets.slice(0, 2)).toEqual(['/home/ada/.colima/default/docker.sock', '/var/run/docker.sock']);
    expect(new Set(sockets).size).toBe(sockets.length);
  });

  it('is not what answers at the same socket without having anything of theirs', async () => {
    const socket = join(home, 'x.sock');
    await listen(socket, { id: 'new' });
    expect(await findEngine(named(socket), homeAt(socket))).toMatchObject({
      tried: [{ socket, why: 'another engine answers, Docker 29.1.0' }],
      help: `See that Docker 28.0.1 runs, with the data that it had, and listens at ${socket}.`,
    });
  });

  it('is known by their volumes when it was given another id', async () => {
    const socket = join(home, 'x.sock');
    await listen(socket, { id: 'new', stacks: ['stack'] });
    expect(await findEngine(named(socket), homeAt(socket))).toMatchObject({ id: 'new' });
  });

  it('is known again when it is Podman, which makes up ids', async () => {
    const socket = join(home, 'x.sock');
    await listen(socket, { podman: true });
    const first = await findEngine(named(socket));
    if (!('engine' in first)) throw new Error('no engine');
    const again = await findEngine(named(socket), homeAt(socket, first.id));
    expect(again).toMatchObject({ id: first.id, name: 'Podman 29.1.0' });
  });
});

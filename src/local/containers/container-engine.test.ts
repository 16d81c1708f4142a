import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Duplex, PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type Docker from 'dockerode';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ContainerEngine } from './container-engine.ts';
import { ENGINE_SILENCE, withPatience } from './engine-patience.ts';
import { hungUp } from './engine-trouble.ts';
import { openEngine } from './open-engine.ts';

const HOUR = 3_600_000;

/** An engine whose hosts answer every command with this stream. */
function engineThat(answer: () => Readable): ContainerEngine {
  const exec = async () => ({ start: async () => answer(), inspect: async () => ({ ExitCode: 0 }) });
  return new ContainerEngine({ getContainer: () => ({ exec }) } as unknown as Docker);
}

/** A byte every few milliseconds, for ever. */
function dripping(): Readable {
  const drip = Buffer.from([1, 0, 0, 0, 0, 0, 0, 1, 46]);
  return Readable.from(
    (async function* () {
      for (;;) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        yield drip;
      }
    })(),
  );
}

it('waits no longer for a command that is never silent and never ends', async () => {
  const run = engineThat(dripping).run('id', ['apply'], 100);
  await expect(run).rejects.toThrow('did not come to an end within 0.1 s');
});

it('waits no longer for a command that says nothing', async () => {
  const silent = () => new Readable({ read: () => undefined });
  const { ended } = await engineThat(silent).open('id', ['find'], { patienceMs: 100 });
  await expect(ended).rejects.toThrow('"find" on the host said nothing for 0.1 s');
});

describe('asked by its socket', () => {
  let folder: string;
  let server: Server;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'engine-'));
    answer = () => undefined;
    server = createServer((request, response) => answer(request, response)).listen(join(folder, 'socket'));
    await once(server, 'listening');
  });
  afterEach(async () => {
    vi.useRealTimers();
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
    rmSync(folder, { recursive: true });
  });

  async function engine(silenceMs?: number): Promise<ContainerEngine> {
    const { default: Dockerode } = await import('dockerode');
    const socketPath = join(folder, 'socket');
    return new ContainerEngine(withPatience(new Dockerode({ socketPath }), silenceMs));
  }

  it('tells why files for a host could not be read', async () => {
    const tar = new PassThrough();
    answer = () => tar.destroy(new Error('x has shrunk while it was read'));
    tar.write('.'.repeat(100_000));
    await expect((await engine()).putFiles('id', tar)).rejects.toThrow('x has shrunk while it was read');
  });

  it('reads no more files for a host that does not take them', async () => {
    const tar = new PassThrough();
    answer = (_, response) => response.writeHead(404).end('{"message":"no such container"}');
    tar.write('.'.repeat(100_000));
    await expect((await engine()).putFiles('id', tar)).rejects.toThrow('no such container');
    expect(tar.destroyed).toBe(true);
  });

  describe('to run a command that reads', () => {
    const input = Buffer.from('a list '.repeat(500_000));
    const frame = Buffer.from([1, 0, 0, 0, 0, 0, 0, 1, 46]);
    /** Its exit code, and what it said; `reads` does what it does with its input, and `exitCode` is known afterwards. */
    async function run(reads: (socket: Duplex) => void, exitCode: number | null) {
      answer = (request, response) => {
        const body = request.url?.endsWith('/json') ? { ExitCode: exitCode } : { Id: 'exec' };
        response.setHeader('Content-Type', 'application/json');
        response.writeHead(request.method === 'GET' ? 200 : 201).end(JSON.stringify(body));
      };
      server.once('upgrade', (_, socket) => {
        socket.on('error', () => undefined);
        socket.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n');
        reads(socket);
      });
      const { out, err, ended } = await (await engine()).open('id', ['head'], { input });
      const [said] = await Promise.all([text(out), text(err)]);
      return { said, code: await ended };
    }

    it('gives it all of its input', async () => {
      let length = 0;
      const whole = (socket: Duplex) =>
        socket.on('data', (chunk: Buffer) => {
          length += chunk.length;
          if (length === input.length) socket.end(frame);
        });
      expect(await run(whole, 0)).toEqual({ said: '.', code: 0 });
    });

    it('does not take it for an engine that is gone when it ends without having read all', async () => {
      expect(await run((socket) => void socket.destroy(), 0)).toEqual({ said: '', code: 0 });
      expect(await run((socket) => void socket.destroy(), null)).toEqual({ said: '', code: -1 });
    });
  });

  it('is not waited for when nobody wants to hear of deaths any more', async () => {
    const stop = new AbortController();
    const begun = new Promise<void>((resolve) => {
      answer = () => resolve();
    });
    const watching = (await engine()).watchDeaths({}, () => undefined, stop.signal);
    await begun;
    stop.abort();
    await expect(watching).rejects.toThrow('aborted');
  });

  describe('hangs', () => {
    const order = { name: 'c', hostname: 'c', image: 'i', labels: {}, network: 'n', home: 'h' };
    const calls: readonly [string, (engine: ContainerEngine) => Promise<unknown>][] = [
      ['list', (one) => one.hosts({ a: 'b' })],
      ['create', (one) => one.createHost(order)],
      ['start', (one) => one.start('id')],
      ['restart', (one) => one.restart('id')],
      ['remove', (one) => one.removeHost('id')],
      ['begin a command', (one) => one.open('id', ['true'])],
      ['make a network', (one) => one.networks.ensure('n', {})],
      ['remove a network', (one) => one.networks.remove('n')],
      ['make a volume', (one) => one.volumes.ensure('v', {})],
      ['find an image', (one) => one.images.id('i')],
    ];
    it.each(calls)('and is not waited for without end, asked to %s', async (_, call) => {
      const trouble = await call(await engine(20)).catch((error: unknown) => error);
      expect(trouble).toMatchObject({
        kind: 'gone',
        message: expect.stringMatching(/^the container engine does not answer \(nothing within 0\.0?2 s\)$/),
      });
      // It may have done what it was asked for.
      expect(hungUp(trouble)).toBe(true);
    });

    it('in the middle of an answer', async () => {
      answer = (_, response) => void response.writeHead(200).write('[{');
      await expect((await engine(20)).hosts({ a: 'b' })).rejects.toThrow('nothing within 0.02 s');
    });

    it('after a command was made, which never begins', async () => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      const asked = new Promise<void>((resolve) => {
        answer = ({ url }, response) => {
          if (url === '/_ping') response.writeHead(200).end('OK');
          else if (url === '/version') response.writeHead(200).end('{"Version":"29.1.0"}');
          else if (url === '/info') response.writeHead(200).end('{"ID":"engine"}');
          else if (url === '/containers/id/exec') response.writeHead(201).end('{"Id":"e"}');
          else resolve();
        };
      });
      const run = (await openEngine(join(folder, 'socket'))).engine.run('id', ['true'], HOUR);
      const failed = expect(run).rejects.toThrow('nothing within 60 s');
      await asked;
      vi.advanceTimersByTime(ENGINE_SILENCE);
      await failed;
    });
  });

  describe('is waited for', () => {
    beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));

    it('while a command runs', async () => {
      let running: ServerResponse | undefined;
      answer = ({ url }, response) => {
        response.writeHead(200);
        if (url === '/containers/id/exec') response.end('{"Id":"e"}');
        else if (url === '/exec/e/json') response.end('{"ExitCode":0}');
        else {
          response.flushHeaders();
          running = response;
        }
      };
      const { out, err, ended } = await (await engine()).open('id', ['true']);
      vi.advanceTimersByTime(HOUR);
      running?.end(Buffer.from([1, 0, 0, 0, 0, 0, 0, 1, 46]));
      expect([await text(out), await text(err), await ended]).toEqual(['.', '', 0]);
    });

    it('while files are unpacked', async () => {
      const unpacking = new Promise<ServerResponse>((resolve) => {
        answer = (_, response) => resolve(response);
      });
      const put = (await engine()).putFiles('id', Buffer.alloc(1024));
      const response = await unpacking;
      vi.advanceTimersByTime(HOUR);
      response.writeHead(200).end();
      await put;
    });

    it('for some minutes while a large volume goes', async () => {
      const going = new Promise<ServerResponse>((resolve) => {
        answer = (_, response) => resolve(response);
      });
      const gone = (await engine()).volumes.remove('v');
      const response = await going;
      vi.advanceTimersByTime(5 * ENGINE_SILENCE);
      response.writeHead(204).end();
      await gone;
    });
  });
});

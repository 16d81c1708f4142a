import { PassThrough, type Readable, type Writable } from 'node:stream';

const HEAD = 8;
const STDERR = 2;

/**
 * The two streams that a container engine sends as one, in frames with a head of eight bytes each. A reader that is slow slows the
 * sender down. `over` settles when all has been read; it rejects where the stream breaks.
 * https://docs.docker.com/reference/api/engine/ (stream format)
 */
export function demuxed(stream: Readable): {
  readonly out: Readable;
  readonly err: Readable;
  readonly over: Promise<void>;
} {
  const out = new PassThrough();
  const err = new PassThrough();
  // Nobody reads on: nobody needs the rest.
  for (const part of [out, err]) part.once('close', () => part.readableEnded || stream.destroy());
  const over = pump(stream, out, err).finally(() => {
    out.end();
    err.end();
  });
  // Whoever only reads the streams must not be brought down by it.
  over.catch(() => undefined);
  return { out, err, over };
}

async function pump(stream: Readable, out: Writable, err: Writable): Promise<void> {
  let rest: Buffer = Buffer.alloc(0);
  let left = 0;
  let target = out;
  for await (const chunk of stream) {
    rest = rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]);
    while (rest.length > 0) {
      if (left === 0) {
        if (rest.length < HEAD) break;
        target = rest[0] === STDERR ? err : out;
        left = rest.readUInt32BE(4);
        rest = rest.subarray(HEAD);
        continue;
      }
      const part = rest.subarray(0, left);
      left -= part.length;
      rest = rest.subarray(part.length);
      if (!target.destroyed && !target.write(part)) await roomIn(target);
    }
  }
}

/** Until it takes more, or nobody wants any more. Leaves no listener behind: a long stream waits many thousand times. */
function roomIn(target: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      target.off('drain', done).off('close', done);
      resolve();
    };
    target.once('drain', done).once('close', done);
  });
}

/** What both streams say together, of frames that are all there. */
export function plainText(frames: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 0; at + HEAD <= frames.length; ) {
    const size = frames.readUInt32BE(at + 4);
    parts.push(frames.subarray(at + HEAD, at + HEAD + size));
    at += HEAD + size;
  }
  return Buffer.concat(parts).toString('utf8');
}

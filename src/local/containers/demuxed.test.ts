import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { demuxed } from './demuxed.ts';

function frame(kind: number, body: string): Buffer {
  const head = Buffer.alloc(8);
  head[0] = kind;
  head.writeUInt32BE(Buffer.byteLength(body), 4);
  return Buffer.concat([head, Buffer.from(body)]);
}

it('gives each stream what is its own, wherever the pieces were cut', async () => {
  const parts = fc.array(fc.tuple(fc.constantFrom(1, 2), fc.string()));
  await fc.assert(
    fc.asyncProperty(parts, fc.integer({ min: 1, max: 20 }), async (frames, size) => {
      const whole = Buffer.concat(frames.map(([kind, body]) => frame(kind, body)));
      const pieces: Buffer[] = [];
      for (let at = 0; at < whole.length; at += size) pieces.push(whole.subarray(at, at + size));
      const { out, err, over } = demuxed(Readable.from(pieces));
      const [said, complained] = await Promise.all([text(out), text(err), over]);
      const of = (wanted: number) =>
        frames.flatMap(([kind, body]) => (kind === wanted ? [body] : [])).join('');
      expect([said, complained]).toEqual([of(1), of(2)]);
    }),
  );
});

it('says so where the stream breaks, and ends both', async () => {
  const broken = async function* () {
    yield frame(1, 'half');
    throw new Error('the engine hung up');
  };
  const { out, err, over } = demuxed(Readable.from(broken()));
  expect(await text(out)).toBe('half');
  expect(await text(err)).toBe('');
  await expect(over).rejects.toThrow('the engine hung up');
});

it('lets go of the sender when nobody reads on', async () => {
  const endless = Readable.from(
    (function* () {
      for (;;) yield frame(1, 'x'.repeat(1000));
    })(),
  );
  const { out, err, over } = demuxed(endless);
  err.resume();
  out.once('data', () => out.destroy());
  await over.catch(() => undefined);
  expect(endless.destroyed).toBe(true);
});

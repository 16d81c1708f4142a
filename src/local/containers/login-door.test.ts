import { expect, it } from 'vitest';
import { EngineTrouble } from './engine-trouble.ts';
import { type Door, openDoor } from './login-door.ts';

const taken = () => Promise.reject(new EngineTrouble('taken', 'address already in use'));

/** Tries doors until `fits`. */
async function opened(seed: string, fits: (door: Door) => boolean) {
  const tried: Door[] = [];
  const door = await openDoor(seed, (one) => {
    tried.push(one);
    return fits(one) ? Promise.resolve() : taken();
  });
  return { door, tried };
}

it('has port 22 on an address of its own', async () => {
  const { door } = await opened('a', () => true);
  expect(door).toEqual({ address: expect.stringMatching(/^127\.77\.\d+\.\d+$/), port: 22 });
  expect((await opened('b', () => true)).door.address).not.toBe(door.address);
  expect((await opened('a', () => true)).door).toEqual(door);
});

it("has a high port where 22 is somebody else's", async () => {
  expect((await opened('a', ({ port }) => port !== 22)).door).toMatchObject({ port: 2222 });
});

it('has a port of its own where there is one loopback address only', async () => {
  const { door, tried } = await opened('a', ({ address }) => address === '127.0.0.1');
  expect(door.port).toBeGreaterThan(1024);
  expect(new Set(tried.map(({ address, port }) => `${address} ${port}`)).size).toBe(tried.length);
});

it('gives up in the end, with what the engine said', async () => {
  await expect(opened('a', () => false)).rejects.toThrow('address already in use');
});

it('does not try elsewhere what fails for another reason', async () => {
  const full = () => Promise.reject(new EngineTrouble('other', 'the disk is full'));
  await expect(openDoor('a', full)).rejects.toThrow('the disk is full');
});

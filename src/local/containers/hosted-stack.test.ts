import { expect, it } from 'vitest';
import { type HostedStack, stands, statusOf, withToken, withTurn } from './hosted-stack.ts';

it('does not grow for ever with a cluster that is changed all the time, and forgets nothing that counts', () => {
  let stack = { name: 'stack', tokens: ['first'], events: [] } as unknown as HostedStack;
  const turn = (status: string, resource?: 'LoginReady' | 'LoginHost') => {
    stack = withTurn(stack, { status, ...(resource && { resource }) }, 0);
  };
  turn('CREATE_COMPLETE', 'LoginReady');
  const ids = new Set<string>();
  for (let change = 0; change < 2000; change++) {
    stack = { ...stack, tokens: withToken(stack.tokens, `change-${change}`) };
    turn('UPDATE_IN_PROGRESS');
    turn('UPDATE_COMPLETE', 'LoginHost');
    turn('UPDATE_COMPLETE');
    for (const { id } of stack.events.slice(-3)) ids.add(id);
  }
  expect(ids.size).toBe(6000);
  expect(new Set(stack.events.map(({ id }) => id)).size).toBe(stack.events.length);
  expect(stack.events.length).toBeLessThanOrEqual(600);
  expect(stack.tokens.length).toBeLessThanOrEqual(202);
  expect([stack.tokens[0], stack.tokens.at(-1)]).toEqual(['first', 'change-1999']);
  expect(stands(stack, 'LoginReady')).toBe(true);
  expect(statusOf(stack).status).toBe('UPDATE_COMPLETE');
});

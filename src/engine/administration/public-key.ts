import { type Problem, problem } from '../../core/problems.ts';

const PUBLIC_KEY =
  /^(?:ssh-(?:ed25519|rsa)|ecdsa-sha2-nistp(?:256|384|521)|sk-(?:ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com) [A-Za-z0-9+/]{40,}={0,3}(?: [^\r\n]*)?$/;

/** What is wrong with one line that is to let somebody log in; `undefined` when nothing is. */
export function keyProblem(key: string): Problem | undefined {
  return PUBLIC_KEY.test(key.trim()) ? undefined : problem('bad-key', { found: key.trim().slice(0, 60) });
}

/** The keys of a `.pub` or `authorized_keys` file, one each; remarks and blank lines are left out. */
export function keysIn(text: string): string[] {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

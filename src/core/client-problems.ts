import { define } from './problem-definition.ts';

/** What can be wrong with logging in, copying files and registering keys: a part of the one table in `problems.ts`, in the same style. */
export const CLIENT_PROBLEMS = {
  // Logging in
  'not-running': define<{ name: string; state: string }>({
    owner: 'author',
    says: ({ name, state }) => `nobody can log in to "${name}": it is ${state}`,
    fix: ({ name }) => `"clusterdrop status ${name} --watch" shows when it is ready.`,
  }),
  'no-address': define<{ name: string; found: string | undefined }>({
    owner: 'author',
    says: ({ name, found }) =>
      found === undefined
        ? `"${name}" runs, but its status names no address`
        : `the status of "${name}" names an address that cannot be one: "${found}"`,
    fix: 'Remove the .cf-status file: it is written again, from what the system knows. If that does not help, ask your administrator.',
  }),
  'only-simulated': define<{ name: string }>({
    owner: 'author',
    says: ({ name }) => `"${name}" is simulated: nothing answers at its address`,
    fix: 'Add --print to see the command as it would be for a real cluster.',
  }),
  'no-ssh': define<{ program: string }>({
    owner: 'author',
    says: ({ program }) => `the program ${program} is not on this machine`,
    fix: 'Install an ssh client (package openssh-client), or log in from another machine: --print shows how.',
  }),

  // Copying files
  'no-files': define<{ name: string; path: string | undefined }>({
    owner: 'author',
    says: ({ name, path }) =>
      path === undefined ? `${name}.files holds nothing` : `${name}.files holds nothing called "${path}"`,
    fix: ({ name }) =>
      `Check the names; "clusterdrop get ${name}" without more copies all there is. A cluster saves its files now and then.`,
  }),
  'bad-file-path': define<{ path: string; why: string }>({
    owner: 'author',
    says: ({ path, why }) => `"${path}" cannot be copied: ${why}`,
    fix: 'Rename it, or copy it by other means.',
  }),
  'file-not-copied': define<{ path: string; why: string }>({
    owner: 'author',
    says: ({ path, why }) => `"${path}" was not copied: ${why}`,
    fix: 'Mend that and run the command again: it copies only what is missing or has changed.',
  }),
  'newer-file': define<{ path: string; where: string }>({
    owner: 'author',
    says: ({ path, where }) => `"${path}" was not copied: the one ${where} is newer`,
    fix: 'Add --force if it is to be overwritten.',
  }),
  'more-not-copied': define<{ count: number }>({
    owner: 'author',
    says: ({ count }) => `${count} more file${count === 1 ? ' was' : 's were'} not copied`,
    fix: 'Mend those above first; --json tells all of them.',
  }),

  // Keys
  'private-key': define<{ file: string }>({
    owner: 'author',
    says: ({ file }) =>
      `${file} is a PRIVATE key, the half that must never leave your machine; nothing was sent`,
    fix: 'Give the public half: the file of the same name that ends in .pub. "ssh-keygen -y -f FILE" makes it again.',
  }),
  'no-key-file': define<{ looked: string }>({
    owner: 'author',
    says: ({ looked }) => `no public key was found in ${looked}`,
    fix: 'Name the file, or make a key first: ssh-keygen -t ed25519',
  }),
  'no-key-inside': define<{ file: string }>({
    owner: 'author',
    says: ({ file }) => `there is no key in ${file}`,
    fix: 'Give the public half: one line such as "ssh-ed25519 AAAA… name", usually from ~/.ssh/id_ed25519.pub.',
  }),
  'no-such-key': define<{ found: string; user: string }>({
    owner: 'author',
    says: ({ found, user }) => `${user} has no key "${found}"`,
    fix: 'Run "clusterdrop key list": a key is named by its fingerprint (SHA256:...) or the whole of its comment.',
  }),
  'several-keys': define<{ found: string; fingerprints: readonly string[] }>({
    owner: 'author',
    says: ({ found, fingerprints }) => `several keys are called "${found}": ${fingerprints.join(', ')}`,
    fix: 'Name one by its fingerprint.',
  }),
  'keys-busy': define({
    owner: 'author',
    says: () => 'somebody else keeps changing authorized_keys',
    fix: 'Try again in a moment.',
  }),
} as const;

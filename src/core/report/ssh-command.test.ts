import { spawnSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '../../../test/report/arbitrary-observed.ts';
import { CLUSTER, HOST_KEY } from '../../../test/report/samples.ts';
import { readLoginFacts } from '../login-facts.ts';
import { sshCommand } from './ssh-command.ts';

/** The words that a shell makes of a command. */
function wordsOf(command: string): string[] {
  const said = spawnSync('sh', ['-c', `printf '%s\\n' ${command}`], { encoding: 'utf8' });
  return said.stdout.split('\n').slice(0, -1);
}

describe('sshCommand', () => {
  it('is as short as can be', () => {
    expect(sshCommand(CLUSTER, '192.0.2.17')).toBe('ssh alice@192.0.2.17');
    expect(sshCommand(CLUSTER, '2001:db8::17')).toBe('ssh alice@2001:db8::17');
    expect(sshCommand(CLUSTER, '192.0.2.17', { port: 2222 })).toBe('ssh -p 2222 alice@192.0.2.17');
  });

  it('names what this life of this cluster needs', () => {
    const login = { port: 2222, hostKey: HOST_KEY, keyFile: '/path with blanks/alice' };
    expect(sshCommand({ ...CLUSTER, name: 'MyCluster' }, '127.77.0.5', login)).toMatchInlineSnapshot(
      `"ssh -i '/path with blanks/alice' -o IdentitiesOnly=yes -p 2222 -o HostKeyAlias=mycluster-4a85f8b1528c -o StrictHostKeyChecking=accept-new alice@127.77.0.5"`,
    );
    const other = HOST_KEY.replace('J0X', 'J0Y');
    expect(sshCommand(CLUSTER, '127.77.0.5', { hostKey: other })).not.toBe(
      sshCommand(CLUSTER, '127.77.0.5', { hostKey: HOST_KEY }),
    );
  });

  it('has no command for what is no address', () => {
    for (const address of [undefined, '', '-oFile', 'a b', 'a;b', 'a\nb'])
      expect(sshCommand(CLUSTER, address)).toBeUndefined();
  });

  it('lets ssh see exactly the file of the key', () => {
    const paths = [
      '/a b/alice',
      "/it's/alice",
      '/100%/alice',
      '/100% "of" it/al\\ice',
      '/$HOME `id` ;x/alice',
      '/ä/alice',
    ];
    for (const keyFile of paths) {
      const [, ...words] = wordsOf(sshCommand(CLUSTER, '127.77.0.5', { keyFile }) ?? '');
      const [option, value] = words;
      if (option === '-i') expect(value).toBe(keyFile);
      else {
        // -G only says what would hold.
        const said = spawnSync('ssh', ['-G', ...words], { encoding: 'utf8' });
        if (!said.error) expect(said.stdout.replaceAll('%%', '%')).toContain(`identityfile ${keyFile}\n`);
      }
    }
  });

  it('is one command for a shell, whatever was told', () => {
    const told = fc.record({
      port: anyText,
      hostKey: fc.oneof(anyText, fc.constant(HOST_KEY)),
      keyFile: fc
        .oneof(fc.string(), fc.constantFrom("'", '"', '$(id)', '`id`', '; id', ' -oX'))
        .map((text) => `/${text}`),
    });
    fc.assert(
      fc.property(told, (facts) => {
        const command = sshCommand(CLUSTER, '127.77.0.5', readLoginFacts(facts)) ?? '';
        const words = wordsOf(command);
        expect([words[0], words.at(-1)]).toEqual(['ssh', 'alice@127.77.0.5']);
        const options = words.slice(1, -1);
        expect(options.length % 2).toBe(0);
        for (let n = 0; n < options.length; n += 2) expect(['-i', '-o', '-p']).toContain(options[n]);
        for (let n = 1; n < options.length; n += 2)
          if (options[n - 1] === '-o')
            expect(options[n]).toMatch(
              /^(?:IdentityFile|IdentitiesOnly|HostKeyAlias|StrictHostKeyChecking)=/,
            );
      }),
      { numRuns: 60 },
    );
  });
});

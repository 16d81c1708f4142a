import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '../../test/report/arbitrary-observed.ts';
import { HOST_KEY } from '../../test/report/samples.ts';
import { loginFactsOf, readLoginFacts } from './login-facts.ts';

const NOTHING = { port: undefined, hostKey: undefined, keyFile: undefined };
const read = (told: Partial<Record<keyof typeof NOTHING, string>>) => readLoginFacts({ ...NOTHING, ...told });

describe('readLoginFacts', () => {
  it('reads what a stack tells', () => {
    const keyFile = "/home/al ice/it's/100% ä/.clusterdrop/keys/alice";
    expect(
      loginFactsOf({
        LoginAddress: '127.77.0.5',
        LoginPort: '2222',
        LoginHostKey: HOST_KEY,
        LoginKeyFile: keyFile,
      }),
    ).toEqual({ port: 2222, hostKey: HOST_KEY, keyFile });
    expect(loginFactsOf({ LoginAddress: '192.0.2.17' })).toEqual({});
    expect(loginFactsOf(JSON.parse('{"__proto__": {"LoginPort": "2222"}}'))).toEqual({});
  });

  it('says nothing of the port that ssh takes anyway', () => {
    expect(read({ port: '22' })).toEqual({});
  });

  it.each(['0', '65536', '-1', '022', '22.0', '2e3', ' 22', '22 -oX', '٢٢', '', '99999999999'])(
    'takes no port %j',
    (port) => expect(read({ port })).toEqual({}),
  );

  it('takes whole host keys, one a line, without what is written behind them', () => {
    const ecdsa = `ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAA${'A'.repeat(96)}B`;
    expect(read({ hostKey: `${HOST_KEY} root@login\r\n\n${ecdsa}\n@revoked * ${HOST_KEY}\n` })).toEqual({
      hostKey: `${HOST_KEY}\n${ecdsa}`,
    });
  });

  it.each([
    'SHA256:abc',
    'ssh-ed25519',
    HOST_KEY.replace('ed25519', 'rsa'),
    HOST_KEY.slice(0, -1),
    `* ${HOST_KEY}`,
    HOST_KEY.replace(' ', '\t'),
    `${HOST_KEY}*`,
    `__proto__ ${HOST_KEY.slice(12)}`,
    `ssh-rsa AAAAB3NzaC1yc2EAAAA${'A'.repeat(3001)}`,
  ])('takes no host key %.60j', (hostKey) => expect(read({ hostKey })).toEqual({}));

  it.each([
    'keys/alice',
    '~/.ssh/id',
    '-oProxyCommand=id',
    '/',
    '/keys/',
    '/keys/../../etc/shadow',
    '/keys/${HOME}',
    '/keys/a\nb',
    '/keys/a\tb',
    '/keys/\u202eecila',
    `/${'a'.repeat(1000)}`,
  ])('takes no key file %.60j', (keyFile) => expect(read({ keyFile })).toEqual({}));

  it('reads what it has read as the same', () => {
    fc.assert(
      fc.property(anyText, anyText, anyText, fc.nat(70_000), (port, hostKey, keyFile, number) => {
        const one = read({ port, hostKey: `${hostKey}\n${HOST_KEY}\n${hostKey}`, keyFile: `/${keyFile}` });
        const other = read({ port: String(number), hostKey, keyFile });
        for (const facts of [one, other])
          expect(read({ ...facts, ...(facts.port && { port: String(facts.port) }) } as object)).toEqual(
            facts,
          );
        expect(one.hostKey).toContain(HOST_KEY);
      }),
    );
  });
});

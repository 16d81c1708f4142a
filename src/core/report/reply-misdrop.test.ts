import { describe, expect, it } from 'vitest';
import { START } from '../../../test/report/samples.ts';
import { meaningOf } from '../identity.ts';
import { misdropProblem, replyMisdrop } from './reply-misdrop.ts';

const contact = 'Dana (dana@example.org)';

function misdropOf(key: string) {
  const meaning = meaningOf('hpc-home', key);
  if (meaning.kind !== 'misdrop') throw new Error(`${key} is no near miss`);
  return meaning;
}

describe('replyMisdrop', () => {
  it('says what is wrong with the name, and that nothing has happened', () => {
    const key = 'home/alice/mycluster.cf-create.txt';
    expect(
      replyMisdrop({ meaning: misdropOf(key), key, at: START, contact, requestText: '{}' }),
    ).toMatchInlineSnapshot(`
      "mycluster.cf-create.txt: this file was not carried out.
      Sun 22 Nov 2026, 15:04 UTC

      What is wrong
      -------------
      "mycluster.cf-create.txt" is not read: something follows its suffix
      What to do: Rename it to "mycluster.cf-create" (some programs add an extension and hide it).

      Whose move it is
      ----------------
      Yours: change what is said above, then upload the file again.

      What runs now
      -------------
      This file started, changed and deleted nothing. Whatever ran before runs on.

      Questions? Ask Dana (dana@example.org).

      Your file as you sent it: everything below this line.
      ========================================================================
      {}
      "
    `);
  });

  it.each([
    ['home/alice/x.cf-create.txt', 'extra-extension', '"x.cf-create"'],
    ['home/alice/x.CF-Create.JSON', 'extra-extension', '"x.cf-create"'],
    ['home/alice/x.CF-DELETE', 'suffix-case', '"x.cf-delete"'],
    ['home/alice/1x.cf-create', 'bad-name', '"1x"'],
    ['home/alice/my cluster.cf-create', 'bad-name', '"my cluster"'],
    ['home/alice/../x.cf-create', 'bad-folder', '"home/alice/../x.cf-create"'],
    [`home/alice/${'é'.repeat(600)}/x.cf-create`, 'key-too-long', '1223 bytes'],
  ])('knows what is wrong with %s', (key, code, says) => {
    const { message, fix, ...rest } = misdropProblem(misdropOf(key), key);
    expect(rest).toEqual({ code, owner: 'author' });
    expect(`${message} ${fix}`).toContain(says);
  });
});

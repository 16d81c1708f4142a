import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Cluster,
  clusterAt,
  dropIdOf,
  dropPrefix,
  identityOf,
  isInput,
  isUser,
  meaningOf,
  replyKey,
  stackNameOf,
} from './identity.ts';

const user = fc
  .string({ unit: fc.constantFrom(...Array.from('abzABZ019_+=,.@-')), minLength: 1, maxLength: 64 })
  .filter(isUser);
const letter = fc.constantFrom(...Array.from('abzABZ'));
const name = fc
  .tuple(letter, fc.string({ unit: fc.constantFrom(...Array.from('abzABZ019-')), maxLength: 39 }))
  .map((parts) => parts.join(''));
/** Folders as people name them: anything S3 takes but no control characters, and none that we take for something else. */
const folder = fc
  .string({
    unit: fc.oneof(fc.constantFrom(...Array.from('abc 09.-_äß漢😀!=\'"*')), letter),
    minLength: 1,
    maxLength: 12,
  })
  .filter((text) => !text.startsWith('.') && !text.endsWith('.files'));
const cluster: fc.Arbitrary<Cluster> = fc
  .tuple(user, fc.array(folder, { maxLength: 3 }), name)
  .map(([who, folders, what]) => clusterAt('hpc-home', ['home', who, ...folders, what].join('/')));

/** In one word: `create alice c`, `bad-name kept`, `other`. */
function inShort(key: string): string {
  const meaning = meaningOf('b', key);
  if (meaning.kind === 'drop') return `${meaning.action} ${meaning.cluster.user} ${meaning.cluster.name}`;
  if (meaning.kind === 'misdrop') return `${meaning.fault} ${meaning.take ? 'taken' : 'kept'}`;
  return meaning.kind;
}

describe('what a key means', () => {
  test.each([
    ['home/alice/c.cf-create', 'create alice c'],
    ['home/alice/c.cf-delete', 'delete alice c'],
    ['home/alice/a/b/My-Cluster2.cf-create', 'create alice My-Cluster2'],
    [`home/alice/${'c'.repeat(40)}.cf-create`, `create alice ${'c'.repeat(40)}`],
    ['home/alice/ünï cödé/c.cf-create', 'create alice c'],
    ['home/a.b+c=d,e@f-g_h/c.cf-delete', 'delete a.b+c=d,e@f-g_h c'],
    [`home/${'u'.repeat(64)}/c.cf-create`, `create ${'u'.repeat(64)} c`],
    ['home/.../c.cf-create', 'create ... c'],
    ['home/alice/notes.files.d/c.cf-create', 'create alice c'],
    ['home/alice/a .files /c.cf-create', 'create alice c'],
    ['home/Default/c.cf-create', 'create Default c'],
  ])('%s is a drop', (key, meant) => {
    expect(inShort(key)).toBe(meant);
    expect(isInput(key)).toBe(true);
  });

  test.each([
    ['home/alice/c.cf-create.txt', 'extra-extension kept'],
    ['home/alice/c.cf-delete.JSON', 'extra-extension kept'],
    ['home/alice/1.CF-create.docx', 'extra-extension kept'],
    ['home/alice/c.CF-CREATE', 'suffix-case kept'],
    ['home/alice/c.Cf-delete', 'suffix-case kept'],
    ['home/alice/1c.cf-create', 'bad-name taken'],
    ['home/alice/-c.cf-create', 'bad-name taken'],
    ['home/alice/my cluster.cf-create', 'bad-name taken'],
    ['home/alice/my_cluster.cf-delete', 'bad-name taken'],
    ['home/alice/müller.cf-create', 'bad-name taken'],
    ['home/alice/\u0441luster.cf-create', 'bad-name taken'],
    ['home/alice/c\u200b.cf-create', 'bad-name taken'],
    ['home/alice/c\u202e.cf-create', 'bad-name taken'],
    ['home/alice/c.cf-create.cf-delete', 'bad-name taken'],
    ['home/alice/c.cf-create.cf-create', 'bad-name taken'],
    [`home/alice/${'c'.repeat(41)}.cf-create`, 'bad-name taken'],
    ['home/alice//c.cf-create', 'bad-folder taken'],
    ['home/alice/./c.cf-create', 'bad-folder taken'],
    ['home/alice/../bob/c.cf-create', 'bad-folder taken'],
    ['home/alice/a/../c.cf-delete', 'bad-folder taken'],
  ])('%s is a near miss', (key, meant) => {
    expect(inShort(key)).toBe(meant);
    expect(isInput(key)).toBe(true);
  });

  test.each([
    '',
    '/',
    'home',
    'home/',
    'home/alice',
    'home/c.cf-create',
    'home//c.cf-create',
    '/home/alice/c.cf-create',
    'Home/alice/c.cf-create',
    'homes/alice/c.cf-create',
    'customizer/alice/c.cf-create',
    'home/default/c.cf-create',
    'home/all/c.cf-create',
    'home/./c.cf-create',
    'home/../c.cf-create',
    'home/al ice/c.cf-create',
    'home/al:ice/c.cf-create',
    'home/älice/c.cf-create',
    `home/${'u'.repeat(65)}/c.cf-create`,
    'home/alice/c.cf-created',
    'home/alice/c.cf-status',
    'home/alice/c.cf-failed',
    'home/alice/c.cf-deleted',
    'home/alice/c.cf-create/',
    'home/alice/c.cf-create/x',
    'home/alice/c.cf-creates',
    'home/alice/c.cf-create.sh',
    'home/alice/c.cf-create.txt.txt',
    'home/alice/c cf-create',
    'home/alice/cf-create',
    'home/alice/authorized_keys',
    'home/alice/c.files/c.cf-create',
    'home/alice/c.files/a/b/c.cf-delete',
    'home/alice/c.files/1.cf-create',
    'home/alice/.files/c.cf-create',
    'home/alice/.c.cf-create.swp',
    'home/alice/c.cf-create~',
    'home/alice/c.cf-create.part',
    'home/alice/c.cf-create.filepart',
    'home/alice/c.cf-create.crdownload',
    'home/alice/.cf-create',
    'home/alice/.c.cf-create',
    'home/alice/c\n.cf-create',
    'home/alice/c.cf-create\n',
    'home/alice/\u0000/c.cf-create',
    'home/alice/\u009b/c.cf-create',
    'home/alice/\u007f.cf-create',
    'home/alice\n/c.cf-create',
  ])('%j is none of our business', (key) => {
    expect(inShort(key)).toBe('other');
    expect(isInput(key)).toBe(false);
  });

  test('keys are answered up to 1,000 bytes, counted as S3 counts them', () => {
    const keyOf = (bytes: number, char: string) => {
      const rest = bytes - 'home/alice//c.cf-create'.length;
      const each = new TextEncoder().encode(char).length;
      return `home/alice/${char.repeat(Math.floor(rest / each))}${'x'.repeat(rest % each)}/c.cf-create`;
    };
    for (const char of ['a', 'é', '漢', '😀', '\ud800']) {
      expect(new TextEncoder().encode(keyOf(1000, char))).toHaveLength(1000);
      expect(inShort(keyOf(1000, char)), char).toBe('create alice c');
      expect(inShort(keyOf(1001, char)), char).toBe('key-too-long taken');
      expect(inShort(keyOf(1024, char)), char).toBe('key-too-long taken');
    }
  });

  test('whatever the key: an answer, beside the file, that is no input itself and fits into a key', () => {
    const part = fc.oneof(
      fc.constantFrom('home', 'alice', 'default', '', '.', '..', 'c.files', 'a b', '\u0007', '😀'),
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.string({ maxLength: 400 }),
    );
    const end = fc.constantFrom(
      '.cf-create',
      '.cf-delete',
      '.CF-Create',
      '.cf-create.txt',
      '.cf-created',
      '~',
      '',
    );
    const key = fc
      .tuple(fc.boolean(), fc.array(part, { maxLength: 4 }), fc.string({ maxLength: 45 }), end)
      .map(([home, parts, file, ending]) =>
        [...(home ? ['home', 'alice'] : []), ...parts, file + ending].join('/'),
      );
    fc.assert(
      fc.property(key, (any) => {
        const meaning = meaningOf('b', any);
        expect(isInput(any)).toBe(meaning.kind !== 'other');
        if (meaning.kind === 'other') return;
        const reply = meaning.kind === 'drop' ? replyKey(meaning.cluster, '.cf-failed') : meaning.reply;
        expect(reply.slice(0, reply.lastIndexOf('/'))).toBe(any.slice(0, any.lastIndexOf('/')));
        expect(meaningOf('b', reply)).toEqual({ kind: 'other' });
        expect(reply.length).toBeLessThanOrEqual(any.length);
        if (meaning.kind === 'drop') expect(any.startsWith(dropPrefix(meaning.cluster))).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  test('a cluster, its keys, and back', () => {
    fc.assert(
      fc.property(cluster, fc.constantFrom('create', 'delete'), (one, action) => {
        const key = replyKey(one, `.cf-${action}`);
        expect(meaningOf('hpc-home', key)).toEqual({ kind: 'drop', action, cluster: one });
        expect(clusterAt(one.bucket, one.path)).toEqual(one);
        expect(key.startsWith(dropPrefix(one))).toBe(true);
      }),
    );
  });
});

describe('users', () => {
  test.each(['alice', 'a', '...', 'Default', 'ALL', 'all.', 'a@b.c', 'u'.repeat(64)])(
    '%s may be one',
    (who) => expect(isUser(who)).toBe(true),
  );
  test.each(['', '.', '..', 'default', 'all', 'a b', 'a/b', 'a\n', 'ä', 'u'.repeat(65), 'a*'])(
    '%j is none',
    (who) => expect(isUser(who)).toBe(false),
  );
});

describe('identity', () => {
  // Exact: a change would make strangers of all clusters that run.
  test('is made of installation, bucket and path', () => {
    const one = clusterAt('bucket', 'home/alice/c');
    expect(identityOf('hpc', one)).toBe('a9053e22b72fe9ac78d59247aa18c9801774d7b2d043e2a82c730c101805576f');
    expect(dropIdOf('bucket', 'home/alice/c.cf-create', 'v1')).toBe(
      '1e123d3de130a72c018f9193c2971f1cd5c4fd825d3e5ef34ae5b49106184d13',
    );
  });

  test('differs wherever one of them does', () => {
    const where = fc.tuple(fc.constantFrom('i', 'ib', 'b'), fc.constantFrom('b', 'bb', 'ib'), cluster);
    fc.assert(
      fc.property(where, where, ([i, b, one], [j, d, other]) => {
        const left = identityOf(i, { ...one, bucket: b });
        const right = identityOf(j, { ...other, bucket: d });
        expect(left).toMatch(/^[0-9a-f]{64}$/);
        expect(left === right).toBe(i === j && b === d && one.path === other.path);
        expect(identityOf(i, { ...one, bucket: b })).toBe(left);
      }),
    );
  });

  test('a drop differs wherever bucket, key or version does, and from its neighbours in the text', () => {
    const part = fc.constantFrom('a', 'b', 'ab', '');
    const parts = fc.tuple(part, part, part);
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        expect(dropIdOf(...one) === dropIdOf(...other)).toBe(one.join('|') === other.join('|'));
        expect(dropIdOf(...one)).toMatch(/^[0-9a-f]{64}$/);
      }),
    );
  });
});

describe('stack names', () => {
  const prefix = fc
    .tuple(letter, fc.string({ unit: fc.constantFrom(...Array.from('abAB09-')), maxLength: 29 }))
    .map((parts) => parts.join(''));

  test.each([
    ['home/alice/c', 'cd-alice-c-0123456789abcdef'],
    ['home/alice/deep/er/c', 'cd-alice-c-0123456789abcdef'],
    ['home/a.b@c.org/c', 'cd-a-b-c-org-c-0123456789abcdef'],
    ['home/__/c', 'cd-c-0123456789abcdef'],
    ['home/a--b/c--d', 'cd-a-b-c-d-0123456789abcdef'],
    ['home/alice/c--', 'cd-alice-c-0123456789abcdef'],
    [`home/${'u'.repeat(64)}/${'n'.repeat(40)}`, `cd-${'u'.repeat(64)}-${'n'.repeat(15)}-0123456789abcdef`],
  ])('%s', (path, stack) => {
    expect(stackNameOf('cd', '0123456789abcdef0123', clusterAt('b', path))).toBe(stack);
  });

  test('are legal and short enough, and hold user, name and hash as far as there is room', () => {
    fc.assert(
      fc.property(prefix, cluster, (first, one) => {
        const identity = identityOf('hpc', one);
        const stack = stackNameOf(first, identity, one);
        expect(stack).toMatch(/^[A-Za-z][A-Za-z0-9-]*$/);
        expect(stack.length).toBeLessThanOrEqual(100);
        expect(stack.startsWith(`${first}-`)).toBe(true);
        expect(stack.endsWith(`-${identity.slice(0, 16)}`)).toBe(true);
        expect(stackNameOf(first, identity, one)).toBe(stack);
        if (stack.length < 90) expect(stack).toContain(one.name.replace(/-{2,}/g, '-').replace(/-$/, ''));
      }),
    );
  });

  test('are different for different clusters, however alike they read', () => {
    const alike = [
      'home/alice/a/c',
      'home/alice/c',
      'home/alice-a/c',
      'home/alice/a-c',
      'home/alice_a/c',
      'home/alice.a/c',
      'home/alice/C',
    ].flatMap((path) => [clusterAt('one', path), clusterAt('two', path)]);
    const names = alike.flatMap((one) =>
      ['hpc', 'test'].map((id) => stackNameOf('cd', identityOf(id, one), one)),
    );
    expect(new Set(names.map((one) => one.toLowerCase())).size).toBe(names.length);
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEEPEST, type JsonNode, readJson } from './json-text.ts';

/** What the tree says, as JSON.parse would give it. */
function valueOf(node: JsonNode): unknown {
  switch (node.kind) {
    case 'object':
      return Object.fromEntries(node.members.map(({ key, value }) => [key, valueOf(value)]));
    case 'array':
      return node.items.map(valueOf);
    case 'null':
      return null;
    case 'unreadable':
      return undefined;
    case 'string':
    case 'number':
    case 'boolean':
      return node.value;
  }
}

describe('strict JSON', () => {
  it('is read as JSON.parse reads it, without faults', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 5, noUnicodeString: false }),
        fc.constantFrom('', ' ', '\t', 3),
        (value, indent) => {
          const text = JSON.stringify(value, null, indent);
          const { root, faults } = readJson(text);
          expect(faults).toEqual([]);
          expect(JSON.stringify(valueOf(root))).toBe(JSON.stringify(JSON.parse(text)));
        },
      ),
    );
  });

  it('has no faults exactly where JSON.parse has none', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"b\\n"',
      '1',
      '-0.5e3',
      '01',
      'true',
      'null',
      'x',
      ' ',
      '\n',
      "'",
      '\\',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 10 }), (parts) => {
        const text = parts.join('');
        fc.pre(text.trim() !== '');
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        expect(readJson(text).faults.length === 0).toBe(valid);
      }),
      { numRuns: 2000 },
    );
  });

  it('never touches a prototype', () => {
    const { root } = readJson('{"__proto__": {"polluted": 1}, "constructor": 2}');
    expect(root.kind === 'object' && root.members.map(({ key }) => key)).toEqual([
      '__proto__',
      'constructor',
    ]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('recovery', () => {
  it.each([
    ['{"a": 1,}', { a: 1 }],
    ['{"a": 1 "b": 2}', { a: 1, b: 2 }],
    ['{"a": 1; "b": 2}', { a: 1, b: 2 }],
    ['{"a": 1,, "b": 2}', { a: 1, b: 2 }],
    ["{'a': 'x'}", { a: 'x' }],
    ['{“a”: ”x”}', { a: 'x' }],
    ['{"a": "x”\n}', { a: 'x' }],
    ['{a: on-demand, b: r4.large-2C-15.25GB}', { a: 'on-demand', b: 'r4.large-2C-15.25GB' }],
    ['{"a": True, "b": FALSE, "c": None}', { a: true, b: false, c: undefined }],
    ['{"a": 01, "b": +1, "c": .5, "d": 5.}', { a: 1, b: 1, c: 0.5, d: 5 }],
    ['{"a": NaN, "b": 2}', { a: undefined, b: 2 }],
    ['{"a": 1', { a: 1 }],
    ['"a": 1}', { a: 1 }],
    ['a = 1\nb = 2', { a: 1, b: 2 }],
    ['{"a" => 1}', { a: 1 }],
    ['{"a" 1}', { a: 1 }],
    ['{"a", "b": 2}', { a: undefined, b: 2 }],
    ['{"a": , "b": 2}', { a: undefined, b: 2 }],
    ['{"a": 1 /* one */, # two\n"b": 2 // three\n}', { a: 1, b: 2 }],
    ['{"a": "x,\n"b": 2}', { a: 'x', b: 2 }],
    ['{"a: 1,\n"b": 2}', { a: 1, b: 2 }],
    ['{"a": "\\q", "b": 2}', { a: 'q', b: 2 }],
    ['{"a": "\\u12G4"}', { a: 'u12G4' }],
    ['{"a": "x\ty"}', { a: 'xy' }],
    ['{\u00a0"a": 1}', { a: 1 }],
    ['{"a": [1, 2}', { a: [1, 2] }],
    ['{"a": 1} and more', { a: 1 }],
    ['request: {"a": 1}', { request: { a: 1 } }],
    ['my request {"a": 1}', { a: 1 }],
    ['{::"a": 1}', { a: 1 }],
    ['{"a":: 1}', { a: 1 }],
    ['{{"a": 1}}', { a: 1 }],
  ])('%j means %j and has a fault', (text, value) => {
    const { root, faults } = readJson(text);
    expect(faults).not.toEqual([]);
    expect(valueOf(root)).toEqual(value);
  });

  it('goes on after a value that is nested too deep, brackets in texts not counted', () => {
    const deep = `${'['.repeat(DEEPEST + 5)}"]]]"${']'.repeat(DEEPEST + 5)}`;
    const { root, faults, tooDeepAt } = readJson(`{"a": ${deep}, "b": 2}`);
    expect(faults).toEqual([]);
    // The object is the first level, and its value the second.
    expect(tooDeepAt).toBe('{"a": '.length + DEEPEST - 1);
    expect(root.kind === 'object' && root.members.map(({ key }) => key)).toEqual(['a', 'b']);
  });

  it.each([
    ['brackets', '['.repeat(65_536)],
    ['braces', '{"a":'.repeat(13_000)],
    ['colons', `{"a"${':'.repeat(65_000)}`],
    ['quotes', '"'.repeat(65_536)],
    ['blanks in an open text', `{"a": "${' '.repeat(65_000)}x`],
    ['comments', '#\n'.repeat(32_000)],
    ['open comments', '/*'.repeat(32_000)],
    ['backslashes', `{"${'\\'.repeat(65_000)}`],
    ['members of one line', `{${'"a":1,'.repeat(10_000)}}`],
    ['names', 'a '.repeat(32_000)],
    ['commas', `{${','.repeat(65_000)}}`],
    ['curly quotes', '“'.repeat(21_000)],
  ])('comes to an end on 64 kB of %s', (_, text) => {
    expect(readJson(text).faults.length).toBeGreaterThan(0);
  });
});

import { EXIT_CODE, type Owner, PROBLEMS } from '../src/core/problems.ts';

const WHO: Readonly<Record<Owner, string>> = {
  author: 'whoever wrote the file',
  operator: 'the administrator',
  bug: 'the makers of Clusterdrop',
};

/** `docs/problems.md`: every code with its message and what to do; words in capitals stand for what was found. */
export function problemsPage(): string {
  const lines = [
    '# Problems',
    '',
    'Everything that Clusterdrop can tell you is wrong, by code. Words in capitals stand for what was found.',
    'This page is made from `src/core/problems.ts` by `npm run generate`.',
  ];
  for (const [code, definition] of Object.entries(PROBLEMS)) {
    const { owner, says, fix } = definition as {
      owner: Owner;
      says: (params: unknown) => string;
      fix: string | ((params: unknown) => string);
    };
    lines.push(
      '',
      `## ${code}`,
      '',
      `> ${says(SAMPLE)}`,
      '',
      typeof fix === 'string' ? fix : fix(SAMPLE),
      '',
      `To be mended by ${WHO[owner]}. Exit code ${EXIT_CODE[owner]}.`,
    );
  }
  return `${lines.join('\n')}\n`;
}

/** Answers to every parameter name with that name in capitals, whether it is used as a text, a number or a list. */
const SAMPLE: unknown = new Proxy(
  {},
  {
    get: (_, name) => (name === 'hint' ? undefined : sample(String(name).toUpperCase())),
  },
);

function sample(word: string): unknown {
  return {
    length: 2,
    join: () => word,
    map: () => [word],
    toString: () => word,
    [Symbol.toPrimitive]: (hint: string) => (hint === 'number' ? 2 : word),
  };
}

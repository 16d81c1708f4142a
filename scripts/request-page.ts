import { wantsOf } from '../src/core/read-value.ts';
import { KEYS_FROM_FOLDER, REQUEST_KEYS } from '../src/core/request-keys.ts';

/** `docs/request.md`: every key of a request file. */
export function requestPage(): string {
  const lines = [
    '# What a request can say',
    '',
    'A request is the file `NAME.cf-create`: JSON, with these keys in any order. Every key may be left out; `{}` takes all the',
    'defaults, which belong to the blueprint (`clusterdrop check FILE` shows what a file comes to). Numbers may stand in quotes.',
    'For a running cluster, keys that are left out keep their running values.',
    '',
    'This page is made from `src/core/request-keys.ts` by `npm run generate`. An editor that knows JSON Schema can use',
    '`schemas/cf-create.schema.json`.',
  ];
  for (const { key, about, kind, examples } of REQUEST_KEYS) {
    const shown = examples.map((example) => `\`${JSON.stringify(example)}\``).join(', ');
    lines.push('', `## ${key}`, '', about, '', `Must be ${wantsOf(kind)}.`, '', `Examples: ${shown}`);
  }
  lines.push(
    '',
    '## Keys that are not looked at',
    '',
    '`$schema`, and every key that begins with `//`: write your notes there.',
    '',
    '## Keys that are refused',
    '',
    `${KEYS_FROM_FOLDER.map((key) => `\`${key}\``).join(' and ')}: they come from the folder that the file lies in, so that nobody can act as somebody else.`,
  );
  return `${lines.join('\n')}\n`;
}

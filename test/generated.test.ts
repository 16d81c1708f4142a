import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { generatedFiles } from '../scripts/generated-files.ts';
import { root } from './shipped.ts';

it.each([...generatedFiles()])('%s is what `npm run generate` makes', (path, text) => {
  expect(readFileSync(join(root, path), 'utf8')).toBe(text);
});

it('leaves no parameter of a problem unnamed', () => {
  expect(generatedFiles().get('docs/problems.md')).not.toMatch(/undefined|NaN|\[object/);
});

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { packageFolder } from './package-folder.ts';

/** Templates of the customizer: what `customizer/default/` and `customizer/all/` hold at first. */
export function shippedCustomizer(): { readonly key: string; readonly body: Uint8Array }[] {
  const folder = join(packageFolder(), 'customizer');
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => {
      const path = join(file.parentPath, file.name);
      return { key: relative(folder, path).split(sep).join('/'), body: readFileSync(path) };
    });
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../shipped.ts';

export interface Fence {
  readonly language: string;
  /**
   * The second word of the fence: what its lines need besides a simulated installation, where they need anything. `containers`: a real
   * cluster beside it; `cluster`: to be typed on the login host.
   */
  readonly needs: string;
  readonly lines: readonly string[];
}

/** Every page that we write, from the repository's top. */
export const PAGES: readonly string[] = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...['docs', 'src', 'blueprints'].flatMap((folder) => filesBelow(folder, '.md')),
].toSorted();

/** Files of one kind below a folder, from the repository's top. */
export function filesBelow(folder: string, ending: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => `${folder}/${name}`);
}

export function pageText(page: string): string {
  return readFileSync(join(root, page), 'utf8');
}

/** Fenced blocks in order; an indented one is read without its indentation. */
export function fencesOf(page: string): Fence[] {
  return [...pageText(page).matchAll(/^( *)```(\w*)(?: (\w+))?\n([\s\S]*?)^ *```$/gm)].map(
    ([, indent = '', language = '', needs = '', body = '']) => ({
      language,
      needs,
      lines: body
        .trimEnd()
        .split('\n')
        .map((line) => line.slice(indent.length)),
    }),
  );
}

/** The page without its fenced blocks. */
export function proseOf(page: string): string {
  return pageText(page).replace(/^ *```\w*(?: \w+)?\n[\s\S]*?^ *```$/gm, '');
}

/** Targets of links to files of ours. */
export function linksOf(page: string): string[] {
  return [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^https?:/.test(target));
}

/** Files and folders of the repository that the prose names. */
export function pathsIn(page: string): string[] {
  const path =
    /`((?:src|test|docs|scripts|schemas|examples|data|blueprints|infrastructure|customizer)\/[\w./-]*)`/g;
  return [...proseOf(page).matchAll(path)].map(([, name = '']) => name);
}

/** What headings are linked by. */
export function anchorsOf(page: string): string[] {
  return [...proseOf(page).matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

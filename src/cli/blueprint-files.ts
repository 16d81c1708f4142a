import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { ProblemError, problem } from '../core/problems.ts';
import { mapAt, type Template } from '../core/template.ts';
import { TEMPLATE_BYTES, templateOfText } from '../core/template-text.ts';
import type { Terminal } from './command.ts';
import { fetchTemplate } from './fetch-template.ts';
import { readFileOf } from './read-request-file.ts';
import { shownPath } from './shown-path.ts';

export interface BlueprintFiles {
  /** What blueprint.json says; `undefined` where there is none. */
  readonly authored: unknown;
  readonly template: Template;
  /** Where the template comes from, for people. */
  readonly from: string;
  /** What the blueprint could be called, if nobody says. */
  readonly called: string;
}

/**
 * The two files of a blueprint. `place`: a folder with both, a blueprint.json, or a template alone; `template`: a file or an https
 * address, in place of what blueprint.json says. @throws ProblemError
 */
export async function blueprintFiles(
  place: string | undefined,
  template: string | undefined,
  terminal: Terminal,
): Promise<BlueprintFiles> {
  const found = place === undefined ? {} : filesAt(place, terminal.cwd);
  const authored = found.blueprint === undefined ? undefined : jsonAt(found.blueprint, terminal.cwd);
  const from = template ?? saidIn(authored, found.blueprint) ?? found.template;
  if (from === undefined)
    throw new ProblemError(
      problem('missing-argument', {
        command: 'admin add-blueprint',
        what: 'the template: --template and a file or an https address',
      }),
    );
  const isAddress = /^[a-z][a-z0-9+.-]+:\/\//i.test(from) && URL.canParse(from);
  const bytes = isAddress
    ? await fetchTemplate(from, terminal)
    : readFileOf(from, terminal.cwd, TEMPLATE_BYTES);
  const read = templateOfText(textIn(bytes));
  if ('problems' in read) throw new ProblemError(...read.problems);
  return {
    authored,
    template: read.template,
    from: isAddress ? addressShown(from) : shownPath(resolve(terminal.cwd, from), terminal.cwd),
    called: calledBy(from),
  };
}

function filesAt(place: string, cwd: string): { readonly blueprint?: string; readonly template?: string } {
  const path = resolve(cwd, place);
  if (!existsSync(path) || !statSync(path).isDirectory()) return kindOf(path, cwd);
  const blueprint = join(path, 'blueprint.json');
  const template = readdirSync(path).find((name) => /^template\.(?:ya?ml|json)$/.test(name));
  return {
    ...(existsSync(blueprint) && { blueprint }),
    ...(template !== undefined && { template: join(path, template) }),
  };
}

/** A file is a template if it says what to make, or is no JSON at all. */
function kindOf(path: string, cwd: string): { readonly blueprint?: string; readonly template?: string } {
  const text = textIn(readFileOf(path, cwd, TEMPLATE_BYTES));
  const isBlueprint =
    basename(path) === 'blueprint.json' || (/^\s*\{/.test(text) && !/"Resources"\s*:/.test(text));
  return isBlueprint ? { blueprint: path } : { template: path };
}

/** `template` of a blueprint.json: a file beside it, or an address. */
function saidIn(authored: unknown, blueprint: string | undefined): string | undefined {
  if (typeof authored !== 'object' || authored === null || blueprint === undefined) return undefined;
  const { file, url } = mapAt(authored as Template, 'template');
  if (typeof url === 'string') return url;
  return typeof file === 'string' ? resolve(dirname(blueprint), file) : undefined;
}

function jsonAt(path: string, cwd: string): unknown {
  try {
    return JSON.parse(textIn(readFileOf(path, cwd, TEMPLATE_BYTES))) as unknown;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ProblemError(problem('bad-blueprint', { where: '', what: `not valid JSON: ${error.message}` }));
  }
}

/** @throws ProblemError for what is no UTF-8 */
function textIn(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new ProblemError(problem('bad-template', { where: '', what: 'it is no text in UTF-8' }));
  }
}

function addressShown(from: string): string {
  const { origin, pathname } = new URL(from);
  return origin + pathname;
}

/** `.../my-cluster.template.yaml` -> `my-cluster`; a file called template is named after its folder. */
function calledBy(from: string): string {
  const path = URL.canParse(from) ? new URL(from).pathname : from;
  const stem = (one: string) =>
    basename(one)
      .toLowerCase()
      .replace(/\.(?:template|ya?ml|json|cfn)\b/g, '')
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^[^a-z]+|-+$/g, '')
      .slice(0, 40);
  const own = stem(path);
  return (own === 'template' || own === '' ? stem(dirname(resolve('/', path))) : own) || 'cluster';
}

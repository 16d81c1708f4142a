import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import { type Problem, problem } from './problems.ts';
import type { Json, JsonMap, Template } from './template.ts';

/** CloudFormation takes no larger template, not even from S3. Bytes. */
export const TEMPLATE_BYTES = 1_000_000;
/** Deepest nesting that is read. Templates have about ten levels; this bounds the stack on a file of nothing but brackets. */
const DEEPEST = 100;
/** More mistakes than anybody mends at a time. */
const MOST_TOLD = 20;

export type TemplateReading = { readonly template: Template } | { readonly problems: readonly Problem[] };

/**
 * Reads a CloudFormation template: JSON, or YAML with the short forms (`!Ref`, `!Sub` ...), into the JSON that it means.
 * As in CloudFormation, YAML is 1.1 without aliases, merge keys, dates and binary data.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
 */
export function templateOfText(text: string): TemplateReading {
  try {
    const json = /^\s*\{/.test(text) ? jsonOf(text) : undefined;
    const read = json === undefined ? readYaml(text) : { value: json };
    if ('problems' in read) return read;
    const { value } = read;
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return { problems: [bad('', 'it is no object with the sections of a CloudFormation template')] };
    if (isTooDeep(value)) return { problems: [tooDeep()] };
    return { template: value as Template };
  } catch (error) {
    // Thousands of brackets are deeper than any parser's stack.
    if (error instanceof RangeError) return { problems: [tooDeep()] };
    throw error;
  }
}

/** `undefined` when it is no JSON: then YAML, which JSON nearly is, says where the mistake lies. */
function jsonOf(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isTooDeep(value: Json): boolean {
  let level: readonly Json[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) return true;
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []));
  }
  return false;
}

const NOT_IN_CLOUDFORMATION = ['timestamp', 'binary', 'merge', 'omap', 'pairs', 'set'];

function readYaml(text: string): { value: Json } | { problems: readonly Problem[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: '1.1',
    stringKeys: true,
    // Its own search for doubles takes half a minute on a large file.
    uniqueKeys: false,
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'silent',
    customTags: (tags) =>
      tags.filter(
        (tag) =>
          typeof tag === 'string' || !NOT_IN_CLOUDFORMATION.some((name) => tag.tag.endsWith(`:${name}`)),
      ),
  });
  const place = (at: number) => `line ${lines.linePos(at).line}`;
  if (document.errors.length > 0) {
    if (document.errors.some(({ code }) => code === 'RESOURCE_EXHAUSTION')) return { problems: [tooDeep()] };
    return {
      problems: told(document.errors.map(({ pos, message }) => bad(place(pos[0]), lowered(message)))),
    };
  }
  const reader = new NodeReader(place);
  const value = reader.read(document.contents);
  return reader.problems.length > 0 ? { problems: told(reader.problems) } : { value };
}

class NodeReader {
  readonly problems: Problem[] = [];
  readonly #place: (at: number) => string;

  constructor(place: (at: number) => string) {
    this.#place = place;
  }

  read(node: Node | null): Json {
    if (node === null) return null;
    const value = this.#bare(node);
    const tag = node.tag ?? '';
    if (!tag.startsWith('!') || tag === '!') return value;
    const long = LONG_FORMS[tag];
    if (long === undefined) return this.#refuse(node, `"${tag}" is no function of CloudFormation`);
    // `!GetAtt A.B.C`: the name of a resource has no dot, that of an attribute may have.
    if (long === 'Fn::GetAtt' && typeof value === 'string') return { [long]: splitOnce(value) };
    return { [long]: value };
  }

  #bare(node: Node): Json {
    if (isAlias(node)) return this.#refuse(node, 'CloudFormation takes no aliases (*name)');
    if (isSeq<Node | null>(node)) return node.items.map((one) => this.read(one));
    if (isMap<Node, Node | null>(node)) return this.#map(node.items);
    if (!isScalar(node)) return null;
    const { value, source } = node;
    // As it was written: an account's number that begins with 0, a version 1.10, 22:22.
    if (typeof value === 'number') return String(value) === source ? value : (source ?? String(value));
    // YAML 1.1 says that y is true; no parser that templates are written for agrees.
    if (typeof value === 'boolean') return /^[yn]$/i.test(source ?? '') ? (source ?? '') : value;
    if (typeof value === 'string' || value === null) return value;
    return source ?? '';
  }

  #map(items: readonly Pair<Node, Node | null>[]): JsonMap {
    const members = new Map<string, Json>();
    for (const { key, value } of items) {
      const name = this.#key(key);
      if (members.has(name)) this.#refuse(key, `a second ${name}`);
      members.set(name, this.read(value));
    }
    return Object.fromEntries(members);
  }

  #key(key: Node): string {
    const text = isScalar(key) ? String(key.value) : this.#refuse(key, 'a key must be a plain text');
    return text ?? '';
  }

  #refuse(node: Node, what: string): null {
    this.problems.push(bad(this.#place(node.range?.[0] ?? 0), what));
    return null;
  }
}

const FUNCTIONS =
  'And Base64 Cidr Equals FindInMap GetAtt GetAZs If ImportValue Join Length Not Or Select Split Sub ToJsonString Transform'.split(
    ' ',
  );
const LONG_FORMS: Readonly<Record<string, string>> = {
  '!Ref': 'Ref',
  '!Condition': 'Condition',
  ...Object.fromEntries(FUNCTIONS.map((name) => [`!${name}`, `Fn::${name}`])),
};

function splitOnce(text: string): readonly Json[] {
  const dot = text.indexOf('.');
  return dot < 0 ? [text] : [text.slice(0, dot), text.slice(dot + 1)];
}

function lowered(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1).replace(/\.$/, '');
}

/** Each once, and no more than somebody mends at a time. */
function told(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((one) => [one.message, one])).values()].slice(0, MOST_TOLD);
}

function tooDeep(): Problem {
  return bad('', `it is nested more than ${DEEPEST} deep`);
}

function bad(where: string, what: string): Problem {
  return problem('bad-template', { where, what });
}

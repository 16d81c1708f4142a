import { type JsonFault, JsonScanner } from './json-scanner.ts';

/** A value of a JSON text and the offset where it begins; `unreadable` has been complained about already. */
export type JsonNode = { readonly at: number } & (
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null' }
  | { readonly kind: 'array'; readonly items: readonly JsonNode[] }
  | { readonly kind: 'object'; readonly members: readonly JsonMember[] }
  | { readonly kind: 'unreadable' }
);

export interface JsonMember {
  readonly key: string;
  readonly at: number;
  readonly value: JsonNode;
}

export interface JsonText {
  readonly root: JsonNode;
  readonly faults: readonly JsonFault[];
  /** Where nesting went deeper than `DEEPEST`; what lies below was not read. */
  readonly tooDeepAt?: number;
}

/** Deepest nesting that is read. A request has one level; this bounds the stack on a file of nothing but brackets. */
export const DEEPEST = 16;

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
/** What people write for a number although JSON does not: 01, +1, .5, 5. */
const NEARLY_NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const UNQUOTED = 'a name or text without double quotes " around it';
/** Python's, JavaScript's and YAML's words for what JSON writes in its own. */
const FOREIGN_WORDS: Readonly<Record<string, 'true' | 'false' | 'null'>> = {
  true: 'true',
  false: 'false',
  none: 'null',
  null: 'null',
  nil: 'null',
  undefined: 'null',
};

/**
 * Strict JSON (RFC 8259) read tolerantly: every place that is not JSON is noted, and reading goes on as its author most likely meant it,
 * so that the mistakes in what the file says can be told at the same time. Total: any text gives an answer.
 */
export function readJson(text: string): JsonText {
  const reader = new JsonReader(text);
  const root = reader.top();
  return {
    root,
    faults: reader.faults,
    ...(reader.tooDeepAt !== undefined && { tooDeepAt: reader.tooDeepAt }),
  };
}

class JsonReader extends JsonScanner {
  tooDeepAt: number | undefined;

  top(): JsonNode {
    const first = this.peek();
    const start = this.index;
    let root: JsonNode;
    if (first !== '{' && first !== '[' && this.startsWithKey()) {
      this.fault('the opening { is missing', start);
      root = this.object(1, true);
    } else {
      const brace = this.text.indexOf('{', start);
      const scalar = this.isQuote(first) || NUMBER.test(this.text.slice(start).trim());
      if (first !== '{' && first !== '[' && !scalar && brace >= 0) {
        this.fault('text before the opening {', start);
        this.index = brace;
      }
      root = this.value(1);
    }
    if (this.peek() !== '') this.fault('text after the end of the request');
    return root;
  }

  /** Whether a key and its colon come next, which is what a lost opening brace looks like. */
  private startsWithKey(): boolean {
    const trial = new JsonScanner(this.text);
    trial.index = this.index;
    if (trial.isQuote(trial.peek())) trial.string(true);
    else if (trial.word() === '') return false;
    return [':', '='].includes(trial.peek());
  }

  private value(depth: number): JsonNode {
    let char = this.peek();
    while (char === ':' || char === '=') {
      this.skipJunk();
      char = this.peek();
    }
    const at = this.index;
    if (char === '' || char === ',' || char === '}' || char === ']' || char === ';') {
      this.fault('a value is missing here');
      return { kind: 'unreadable', at };
    }
    if (char === '{' || char === '[') {
      if (depth > DEEPEST) return this.tooDeep();
      return char === '{' ? this.object(depth, false) : this.array(depth);
    }
    if (this.isQuote(char)) return { kind: 'string', at, value: this.string(false) };
    return this.bare(at);
  }

  private bare(at: number): JsonNode {
    const word = this.word();
    if (NUMBER.test(word)) return { kind: 'number', at, value: Number(word) };
    if (word === 'true' || word === 'false') return { kind: 'boolean', at, value: word === 'true' };
    if (word === 'null') return { kind: 'null', at };
    if (NEARLY_NUMBER.test(word)) {
      this.fault(`${brief(word)} is not how JSON writes a number; write ${Number(word)}`, at);
      return { kind: 'number', at, value: Number(word) };
    }
    if (/^[+-]?(?:nan|inf|infinity)$/i.test(word)) {
      this.fault(`${brief(word)} is not a number in JSON`, at);
      return { kind: 'unreadable', at };
    }
    const foreign = Object.hasOwn(FOREIGN_WORDS, word.toLowerCase())
      ? FOREIGN_WORDS[word.toLowerCase()]
      : undefined;
    if (foreign === 'null') {
      this.fault(`${word} is no JSON; leave the key out`, at);
      return { kind: 'unreadable', at };
    }
    if (foreign !== undefined) {
      this.fault(`${word} is written ${foreign} in JSON`, at);
      return { kind: 'boolean', at, value: foreign === 'true' };
    }
    // A text without quotes reaches to the end of its line or member, blanks included.
    const rest = /^[^\n\r,{}[\]"']*/.exec(this.text.slice(this.index, this.index + 200))?.[0].trimEnd() ?? '';
    this.index += rest.length;
    this.fault(UNQUOTED, at);
    return { kind: 'string', at, value: word + rest };
  }

  /** `open`: the opening brace is missing, so the closing one may be as well. */
  private object(depth: number, open: boolean): JsonNode {
    const at = this.index;
    const members: JsonMember[] = [];
    if (!open) this.index++;
    this.list('}', open, at, () => {
      const keyAt = this.index;
      const key = this.key();
      const value = this.afterKey(key, depth);
      members.push({ key, at: keyAt, value });
    });
    return { kind: 'object', at, members };
  }

  private array(depth: number): JsonNode {
    const at = this.index;
    const items: JsonNode[] = [];
    this.index++;
    this.list(']', false, at, () => items.push(this.value(depth + 1)));
    return { kind: 'array', at, items };
  }

  /** What objects and arrays have in common: members, the commas between them, the closing bracket. */
  private list(close: '}' | ']', open: boolean, at: number, member: () => void): void {
    let end: number | undefined;
    let comma: number | undefined;
    for (;;) {
      const char = this.peek();
      if (char === '' || char === '}' || char === ']') {
        if (comma !== undefined) this.fault('a comma after the last value', comma);
        if (char === '' && !open) this.fault(`the closing ${close} of this is missing`, at);
        if (char !== '' && char !== close) this.fault(`${char} where ${close} is expected`);
        if (char !== '') this.index++;
        return;
      }
      if (char === ',' || char === ';') {
        if (char === ';') this.fault('a semicolon instead of a comma');
        else if (comma !== undefined || end === undefined) this.fault('a comma too many');
        comma = this.index++;
      } else if (close === '}' && !this.startsKey(char)) {
        this.skipJunk();
      } else {
        if (end !== undefined && comma === undefined) this.fault('a comma is missing here', end);
        comma = undefined;
        member();
        end = this.index;
      }
    }
  }

  private startsKey(char: string): boolean {
    return this.isQuote(char) || !':={['.includes(char);
  }

  private key(): string {
    if (this.isQuote(this.text.charAt(this.index))) return this.string(true);
    const at = this.index;
    const word = this.word();
    this.fault(UNQUOTED, at);
    return word;
  }

  private afterKey(key: string, depth: number): JsonNode {
    const char = this.peek();
    if (char === ':') this.index++;
    else if (char === '=') {
      this.fault('= instead of a colon');
      this.index += this.text.startsWith('=>', this.index) ? 2 : 1;
    } else if (char === '' || char === ',' || char === '}' || char === ']' || char === ';') {
      this.fault(`a colon and a value are missing after "${brief(key)}"`);
      return { kind: 'unreadable', at: this.index };
    } else this.fault(`a colon is missing after "${brief(key)}"`);
    return this.value(depth + 1);
  }

  /** Goes past everything up to the matching bracket without recursion; brackets inside quotes do not count. */
  private tooDeep(): JsonNode {
    const at = this.index;
    this.tooDeepAt ??= at;
    let open = 0;
    for (const m of this.text.slice(at).matchAll(/"(?:[^"\\\n]|\\.)*"|[{}[\]]/g)) {
      if (m[0].length > 1) continue;
      open += '{['.includes(m[0]) ? 1 : -1;
      if (open > 0) continue;
      this.index = at + m.index + 1;
      return { kind: 'unreadable', at };
    }
    this.index = this.text.length;
    return { kind: 'unreadable', at };
  }
}

/** Enough of what was found to recognise it. */
function brief(text: string): string {
  return text.length > 40 ? `${text.slice(0, 37)}…` : text;
}

/** One place where the text is not JSON; `found` completes the sentence "not valid JSON: …". */
export interface JsonFault {
  readonly found: string;
  /** Offset in the text. */
  readonly at: number;
}

/** Opening quotes that people and word processors write, and what may close each. Only `"` is JSON. */
const CLOSERS: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '`': '`',
  '“': '”“"',
  '”': '”“"',
  '„': '”“"',
  '‟': '”“"',
  '«': '»',
  '»': '«',
  '‘': "’‘'",
  '’': "’‘'",
  '‚': "’‘'",
};
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};
/** Blanks that look like blanks but are none in JSON: they come along when a file is copied from a web page. */
const INVISIBLE = /[\v\f\u0085\u00a0\u1680\u2000-\u200f\u2028\u2029\u202f\u205f\u2060\u3000\ufeff]/;
const WORD = /[^\s,:{}[\]"'`“”„‟«»‘’‚=;]+/y;

/** Reads the small parts of JSON, correct or not, and notes what is wrong. Never throws, always moves on. */
export class JsonScanner {
  index = 0;
  readonly faults: JsonFault[] = [];
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  fault(found: string, at = this.index): void {
    this.faults.push({ found, at });
  }

  /** The next character that is neither blank nor comment, `''` at the end. */
  peek(): string {
    for (;;) {
      const char = this.text.charAt(this.index);
      if (char === ' ' || char === '\n' || char === '\r' || char === '\t') this.index++;
      else if (INVISIBLE.test(char)) {
        this.fault('an invisible special blank; type an ordinary one (text copied from a web page has them)');
        while (INVISIBLE.test(this.text.charAt(this.index))) this.index++;
      } else if (char === '#' || (char === '/' && '/*'.includes(this.text.charAt(this.index + 1) || '?')))
        this.comment();
      else return char;
    }
  }

  /** A quoted text whose opening quote is next. `key`: a lost closing quote is then looked for before a colon. */
  string(key: boolean): string {
    const start = this.index;
    const quote = this.text.charAt(start);
    const closers = CLOSERS[quote] ?? quote;
    if (quote !== '"') this.fault(quoteFault(quote));
    this.index++;
    let value = '';
    for (;;) {
      const char = this.text.charAt(this.index);
      if (char === '' || char === '\n' || char === '\r') return this.unclosed(start, key) ?? value;
      if (closers.includes(char)) {
        this.index++;
        return value;
      }
      if (char === '\\') value += this.escape();
      else {
        if (char < ' ')
          this.fault(`a control character (${char === '\t' ? 'tab' : hex(char)}) inside a text`);
        // A control character is never meant; without it the rest can be judged.
        else value += char;
        this.index++;
      }
    }
  }

  isQuote(char: string): boolean {
    return char !== '' && Object.hasOwn(CLOSERS, char);
  }

  /** A run of characters with no meaning of their own in JSON: a number, a name, or a text without quotes. */
  word(): string {
    WORD.lastIndex = this.index;
    const found = WORD.exec(this.text)?.[0] ?? '';
    this.index += found.length;
    return found;
  }

  /** Complains about the next character and goes past it. */
  skipJunk(): void {
    const char = String.fromCodePoint(this.text.codePointAt(this.index) ?? 0);
    this.fault(`${/[^\p{C}\p{Z}]/u.test(char) ? char : hex(char)} in a place where it means nothing`);
    this.index += char.length;
  }

  private comment(): void {
    this.fault('a comment (JSON has none; a key such as "//" may hold one)');
    const block = this.text.startsWith('/*', this.index);
    const end = block
      ? this.text.indexOf('*/', this.index + 2)
      : this.text.slice(this.index).search(/[\n\r]/) + this.index;
    const found = end >= this.index;
    this.index = found ? end + (block ? 2 : 0) : this.text.length;
  }

  private escape(): string {
    const char = this.text.charAt(this.index + 1);
    const digits = /^[0-9a-f]{4}$/i.exec(this.text.slice(this.index + 2, this.index + 6))?.[0];
    if (char === 'u' && digits !== undefined) {
      this.index += 6;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const known = Object.hasOwn(ESCAPES, char) ? ESCAPES[char] : undefined;
    if (known === undefined) this.fault('a \\ that JSON does not know here (write \\\\ for one backslash)');
    // An unknown one is dropped, since nothing that a request may say has a backslash; what follows it may end the line.
    this.index += known === undefined ? 1 : 2;
    return known ?? '';
  }

  /** The line ended before the text did: guess where its author meant to close it, and go on from there. */
  private unclosed(start: number, key: boolean): string | undefined {
    this.fault('the closing quote of this text is missing', start);
    const body = this.text.slice(start + 1, this.index);
    const cut = key ? body.search(/[”“’‘:=]/) : valueEnd(body);
    if (cut < 0) return undefined;
    const curly = '”“’‘'.includes(body.charAt(cut) || '?');
    this.index = start + 1 + cut + (curly ? 1 : 0);
    return body.slice(0, cut);
  }
}

/** Where a value without its closing quote ends: at a curly one, else before the commas and brackets that end the line. */
function valueEnd(line: string): number {
  const curly = line.search(/[”“’‘]/);
  if (curly >= 0) return curly;
  let end = line.length;
  while (end > 0 && ' \t,;}]'.includes(line.charAt(end - 1))) end--;
  return end;
}

function quoteFault(quote: string): string {
  if (quote === "'") return 'a single quote \' instead of a double quote "';
  return `${quote} instead of a plain double quote " (word processors change them)`;
}

function hex(char: string): string {
  return `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

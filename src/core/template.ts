/** JSON as CloudFormation reads it. */
export type Json = null | boolean | number | string | readonly Json[] | JsonMap;
export interface JsonMap {
  readonly [key: string]: Json;
}

/** A CloudFormation template: an object whose sections are objects. What they hold is looked at by whoever needs it. */
export type Template = JsonMap;

export interface TemplateResource {
  readonly logicalId: string;
  readonly type: string;
  /** Everything that is said of it: `Type`, `Properties`, `DependsOn` ... */
  readonly body: JsonMap;
  readonly properties: JsonMap;
}

export function isMap(value: Json | undefined): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A section of a template, or a part of a resource; empty where there is none. */
export function mapAt(map: JsonMap, name: string): JsonMap {
  const value = Object.hasOwn(map, name) ? map[name] : undefined;
  return isMap(value) ? value : {};
}

/** In the order of the template. Parts that are no resource are left out: `templateProblems` complains about them. */
export function resourcesOf(template: Template): TemplateResource[] {
  return Object.entries(mapAt(template, 'Resources')).flatMap(([logicalId, body]) =>
    isMap(body) && typeof body['Type'] === 'string'
      ? [{ logicalId, type: body['Type'], body, properties: mapAt(body, 'Properties') }]
      : [],
  );
}

/** Every value below `value` with its key and its path, from the outside in, `value` itself first. */
export function* valuesIn(
  value: Json,
  path: string,
  key = '',
): Generator<{ readonly value: Json; readonly key: string; readonly path: string }> {
  yield { value, key, path };
  if (typeof value !== 'object' || value === null) return;
  // The members of a list are of the kind that the list is of.
  if (isMap(value))
    for (const [name, one] of Object.entries(value)) yield* valuesIn(one, `${path}.${name}`, name);
  else for (const [index, one] of value.entries()) yield* valuesIn(one, `${path}.${index}`, key);
}

/** The same with some members of objects changed; `change` says the new value, or `undefined` to go on below. */
export function changedIn(
  value: Json,
  path: string,
  change: (key: string, value: Json, path: string) => Json | undefined,
): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (!isMap(value)) return value.map((one, index) => changedIn(one, `${path}.${index}`, change));
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => {
      const at = `${path}.${key}`;
      return [key, change(key, one, at) ?? changedIn(one, at, change)];
    }),
  );
}

/** The one function of `{ "Fn::If": [...] }` and its like; `undefined` for everything else. */
export function functionOf(value: Json): { readonly name: string; readonly given: Json } | undefined {
  if (!isMap(value)) return undefined;
  const [first, second] = Object.entries(value);
  if (!first || second || !/^(?:Ref|Condition|Fn::.+)$/.test(first[0])) return undefined;
  return { name: first[0], given: first[1] };
}

/** What a value may come to: the branches of every `Fn::If`, members of lists one by one, without `AWS::NoValue`. */
export function branchesOf(value: Json): Json[] {
  if (Array.isArray(value)) return value.flatMap(branchesOf);
  const { name, given } = functionOf(value) ?? {};
  if (name === 'Ref' && given === 'AWS::NoValue') return [];
  if (name === 'Fn::If' && Array.isArray(given)) return given.slice(1).flatMap(branchesOf);
  return [value];
}

/** Logical names (of resources and parameters) and pseudo parameters that a value refers to. */
export function referencesOf(value: Json): Set<string> {
  const names = new Set<string>();
  for (const { value: one } of valuesIn(value, '')) {
    const { name, given } = functionOf(one) ?? {};
    if (name === 'Ref' && typeof given === 'string') names.add(given);
    if (name === 'Fn::GetAtt') names.add(attributeOwner(given));
    if (name === 'Fn::Sub') for (const inText of substitutedIn(given)) names.add(inText);
  }
  names.delete('');
  return names;
}

/** The one name that a value is, if it is a reference and nothing more: `!Ref A`, `!GetAtt A.Arn`, `!Sub ${A}`. */
export function referredBy(value: Json): string | undefined {
  const { name, given } = functionOf(value) ?? {};
  if (name === 'Ref' && typeof given === 'string') return given;
  if (name === 'Fn::GetAtt') return attributeOwner(given) || undefined;
  if (name !== 'Fn::Sub' || typeof given !== 'string') return undefined;
  return /^\$\{([^!}.]+)(?:\.[^}]+)?\}$/.exec(given)?.[1];
}

/** A text with its references as `${Name}`: what `Fn::Sub` and `Fn::Join` write. `undefined` for what cannot be told. */
export function writtenText(value: Json): string | undefined {
  if (typeof value === 'string') return value;
  const { name, given } = functionOf(value) ?? {};
  if (name === 'Ref' && typeof given === 'string') return `\${${given}}`;
  if (name === 'Fn::Sub' && typeof given === 'string') return given;
  if (name !== 'Fn::Join' || !Array.isArray(given)) return undefined;
  const [separator, parts] = given as readonly Json[];
  if (typeof separator !== 'string' || !Array.isArray(parts)) return undefined;
  const written = parts.map(writtenText);
  return written.includes(undefined) ? undefined : written.join(separator);
}

function attributeOwner(given: Json | undefined): string {
  const first = Array.isArray(given) ? given[0] : given;
  return typeof first === 'string' ? (first.split('.')[0] ?? '') : '';
}

function substitutedIn(given: Json | undefined): string[] {
  const [text, own] = Array.isArray(given) ? given : [given];
  if (typeof text !== 'string') return [];
  const names = [...text.matchAll(/\$\{([^!}.]+)(?:\.[^}]*)?\}/g)].map((match) => match[1] ?? '');
  // Names that the second argument gives a value are none of the template's.
  return names.filter((name) => !isMap(own) || !Object.hasOwn(own, name));
}

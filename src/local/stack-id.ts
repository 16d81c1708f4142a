import { randomUUID } from 'node:crypto';

const ID = /:stack\/([A-Za-z][A-Za-z0-9-]{0,127})\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** `arn:aws:cloudformation:<region>:<account>:stack/<name>/<uuid>`: a new one for every stack, also of an old name. */
export function newStackId(region: string, account: string, name: string): string {
  return `arn:aws:cloudformation:${region}:${account}:stack/${name}/${randomUUID()}`;
}

/** Name and uuid of a stack's id; empty texts, which no stack has, for anything else. */
export function partsOf(id: string): { readonly name: string; readonly uuid: string } {
  const [, name = '', uuid = ''] = ID.exec(id) ?? [];
  return { name, uuid };
}

/** Whose move it is: the author of the file, the administrator of the installation, or us. */
export type Owner = 'author' | 'operator' | 'bug';

/** What is told of one kind of problem, given what is particular to this case. */
export interface Definition<P> {
  readonly owner: Owner;
  readonly says: (params: P) => string;
  readonly fix: string | ((params: P) => string);
}

export const define = <P = Record<never, never>>(definition: Definition<P>) => definition;

import { define } from './problem-definition.ts';

/** What can be wrong with the template of a blueprint: a part of the one table in `problems.ts`, in the same style. */
export const TEMPLATE_PROBLEMS = {
  'no-template': define<{ blueprint: string }>({
    owner: 'operator',
    says: ({ blueprint }) =>
      `the blueprint "${blueprint}" is stored without a CloudFormation template, which does for simulated clusters only`,
    fix: 'The administrator gives it one with "clusterdrop admin add-blueprint"; until then name another blueprint.',
  }),
  'bad-template': define<{ where: string; what: string }>({
    owner: 'operator',
    says: ({ where, what }) => `the template${where && `, ${where}`}: ${what}`,
    fix: 'Correct it; "aws cloudformation validate-template" and cfn-lint find more of this kind.',
  }),
  'not-confinable': define<{ where: string; what: string; instead: string }>({
    owner: 'operator',
    says: ({ where, what }) => `the template cannot be confined: ${where}: ${what}`,
    fix: ({ instead }) => `${instead}. docs/guide-blueprints.md says what can be taken in, and why.`,
  }),
  'template-misfit': define<{ where: string; what: string; instead: string }>({
    owner: 'operator',
    says: ({ where, what }) => `blueprint.json and the template do not fit: ${where}: ${what}`,
    fix: ({ instead }) => `${instead}.`,
  }),
  'template-unreachable': define<{ from: string; why: string }>({
    owner: 'operator',
    says: ({ from, why }) => `the template at ${from} was not fetched: ${why}`,
    fix: 'Look whether the address is right; or fetch it yourself and give the file with --template FILE.',
  }),
  'file-exists': define<{ file: string }>({
    owner: 'author',
    says: ({ file }) => `${file} is there already and is not written over`,
    fix: 'Name another file.',
  }),
} as const;

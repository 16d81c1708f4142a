import { define } from './problem-definition.ts';

/** What can be wrong with an installation in an AWS account: a part of the one table in `problems.ts`, in the same style. */
export const AWS_PROBLEMS = {
  'not-on-aws': define<{ bucket: string }>({
    owner: 'operator',
    says: ({ bucket }) => `the bucket ${bucket} holds no installation of Clusterdrop on AWS`,
    fix: 'Install one with "clusterdrop admin deploy", or name the right bucket with --store s3://BUCKET.',
  }),
  'no-template': define<{ blueprint: string }>({
    owner: 'operator',
    says: ({ blueprint }) =>
      `the blueprint "${blueprint}" is stored without a CloudFormation template, which does for simulated clusters only`,
    fix: 'The administrator gives it one with "clusterdrop admin add-blueprint"; until then name another blueprint.',
  }),
} as const;

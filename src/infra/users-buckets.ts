import { Aws, type CfnCondition, type CfnParameter, Fn, type Stack } from 'aws-cdk-lib';
import { condition } from './parameters.ts';

/**
 * How many users' buckets an installation can have. A template cannot go through a list and put each item into an ARN together
 * with a parameter, so there is a place for each; a managed policy of 6,144 characters would not hold many more.
 */
export const MOST_USERS_BUCKETS = 5;

/** The users' buckets of an installation, each with a place of its own; the first is always there. */
export class UsersBuckets {
  readonly #buckets: readonly { readonly name: string; readonly present?: CfnCondition }[];

  constructor(stack: Stack, names: CfnParameter) {
    const padding = ','.repeat(MOST_USERS_BUCKETS - 1);
    const padded = Fn.split(',', Fn.join('', [Fn.join(',', names.valueAsList), padding]));
    this.#buckets = Array.from({ length: MOST_USERS_BUCKETS }, (_, index) => {
      const name = Fn.select(index, padded);
      if (index === 0) return { name };
      const absent = Fn.conditionEquals(name, '');
      return { name, present: condition(stack, `HasUsersBucket${index + 1}`, Fn.conditionNot(absent)) };
    });
  }

  /** The buckets themselves (`''`), or what lies in each: `/home/*`. */
  arns(below = ''): readonly unknown[] {
    return this.each((name) => Fn.sub(`arn:\${AWS::Partition}:s3:::\${Bucket}${below}`, { Bucket: name }));
  }

  /** A value for each bucket that is there, and `otherwise` for each place that is empty: nothing at all, unless said. */
  each(value: (name: string, index: number) => string, otherwise: string = Aws.NO_VALUE): readonly unknown[] {
    return this.#buckets.map(({ name, present }, index) =>
      present ? Fn.conditionIf(present.logicalId, value(name, index), otherwise) : value(name, index),
    );
  }
}

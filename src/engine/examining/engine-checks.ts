import { checkBlueprints } from './check-blueprints.ts';
import { checkLedgers } from './check-ledgers.ts';
import { checkLimits } from './check-limits.ts';
import { checkStacks } from './check-stacks.ts';
import { checkUsers } from './check-users.ts';
import type { EngineSubject } from './engine-subject.ts';
import type { Check } from './examine.ts';

/** To read objects of a bucket, whose listing tells versions. */
export const STORE_RIGHTS = ['s3:ListBucket', 's3:ListBucketVersions', 's3:GetObject'];

/** What can be looked at in every world. */
export const ENGINE_CHECKS: readonly Check<EngineSubject>[] = [
  { name: 'blueprints', look: checkBlueprints, rights: STORE_RIGHTS },
  { name: 'limits', look: checkLimits, rights: STORE_RIGHTS },
  { name: 'users', look: checkUsers, rights: STORE_RIGHTS },
  { name: 'ledgers', look: checkLedgers, rights: STORE_RIGHTS },
  {
    name: 'stacks of clusters',
    look: checkStacks,
    rights: [...STORE_RIGHTS, 'cloudformation:DescribeStacks'],
  },
];

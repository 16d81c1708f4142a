import { checkBlueprints } from './check-blueprints.ts';
import { checkLedgers } from './check-ledgers.ts';
import { checkLimits } from './check-limits.ts';
import { checkStacks } from './check-stacks.ts';
import { checkUsers } from './check-users.ts';
import type { EngineSubject } from './engine-subject.ts';
import type { Check } from './examine.ts';

/** What can be looked at in every world. */
export const ENGINE_CHECKS: readonly Check<EngineSubject>[] = [
  { name: 'blueprints', look: checkBlueprints, rights: ['s3:ListBucket', 's3:GetObject'] },
  { name: 'limits', look: checkLimits, rights: ['s3:ListBucket', 's3:GetObject'] },
  { name: 'users', look: checkUsers, rights: ['s3:ListBucket', 's3:GetObject'] },
  { name: 'ledgers', look: checkLedgers, rights: ['s3:ListBucket', 's3:GetObject'] },
  {
    name: 'stacks of clusters',
    look: checkStacks,
    rights: ['s3:ListBucket', 's3:GetObject', 'cloudformation:DescribeStacks'],
  },
];

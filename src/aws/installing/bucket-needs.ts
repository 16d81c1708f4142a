import { ADMIN_BUCKET_TAG } from '../../core/tag-names.ts';
import { hasEventBridge, hasTlsStatement } from './bucket-documents.ts';
import type { BucketHere } from './bucket-sight.ts';
import type { Addition } from './deployment-record.ts';
import type { BucketRole } from './placed-buckets.ts';

/** What a bucket lacks. Whoever made it, it is looked at: settings of our own templates are set by hand where they are missing. */
export function bucketNeeds(sight: BucketHere, role: BucketRole, adminBucket: string): Addition[] {
  const needs: Addition[] = [];
  if (!sight.isVersioned) needs.push('versioning');
  if (role === 'users' && !hasEventBridge(sight.notifications)) needs.push('event-bridge');
  if (role === 'users' && sight.tags[ADMIN_BUCKET_TAG] !== adminBucket) needs.push('tag');
  if (!hasTlsStatement(sight.policy)) needs.push('tls-statement');
  return needs;
}

/** What we leave to the owner of a bucket that is not ours. */
export function bucketAdvice(sight: BucketHere): string[] {
  return [
    ...(sight.isPrivate
      ? []
      : ['public access is not blocked: think of switching "Block public access" on; that is left to you']),
    ...(sight.endsOldVersions
      ? []
      : ['no lifecycle rule ends old versions, which are kept and paid for ever: think of adding one']),
  ];
}

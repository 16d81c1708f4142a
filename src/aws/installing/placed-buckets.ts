import { type Problem, problem } from '../../core/problems.ts';
import { ADMIN_BUCKET_TAG } from '../../core/tag-names.ts';
import { type AccountPlace, defaultBucket } from './account-place.ts';
import type { BucketSight } from './bucket-sight.ts';
import type { ControlStack } from './control-stack.ts';
import type { DeploymentRecord } from './deployment-record.ts';

export type BucketRole = 'users' | 'admin';

/** `made`: a resource of the base stack. `kept`: ours, left by an earlier installation. `existing`: somebody else's. */
export interface PlacedBucket {
  readonly name: string;
  readonly origin: 'made' | 'kept' | 'existing';
}

export interface PlacedBuckets {
  readonly users: readonly PlacedBucket[];
  readonly admin: PlacedBucket;
}

/** So many the templates provide for. */
export const MOST_USERS_BUCKETS = 5;

/** As given on the command line. */
export interface GivenBuckets {
  readonly bucket?: string;
  readonly existing: readonly string[];
  readonly adminBucket?: string;
  readonly existingAdminBucket?: string;
}

export interface BucketContext {
  readonly place: AccountPlace;
  /** The base stack, where one stands. */
  readonly base: ControlStack | undefined;
  readonly record: DeploymentRecord | undefined;
}

/** Where the administrator's bucket would be. It never moves: all books are in it. */
export function adminBucketName(given: GivenBuckets, { place, base }: Omit<BucketContext, 'record'>): string {
  return (
    base?.parameters['AdminBucketName'] ??
    given.existingAdminBucket ??
    given.adminBucket ??
    defaultBucket(place, 'admin')
  );
}

/** Names of all users' buckets, the first one first. Buckets are added to an installation, never taken away: clusters live in them. */
export function usersBucketNames(given: GivenBuckets, { place, base, record }: BucketContext): string[] {
  const known = base ? listOf(base.parameters['UsersBucketNames']) : (record?.buckets.users ?? []);
  const first =
    given.bucket ??
    (known.length > 0 || given.existing.length > 0 ? undefined : defaultBucket(place, 'users'));
  return [...new Set([...known, ...(first === undefined ? [] : [first]), ...given.existing])];
}

/** Decides what each bucket is to the installation. @returns problems instead when one cannot be used. */
export function placeBuckets(
  given: GivenBuckets,
  context: BucketContext,
  sights: ReadonlyMap<string, BucketSight>,
): PlacedBuckets | { readonly problems: readonly Problem[] } {
  const { base } = context;
  const adminName = adminBucketName(given, context);
  const names = usersBucketNames(given, context);
  const problems: Problem[] = [];
  const place = (name: string, role: BucketRole): PlacedBucket => {
    const sight = sights.get(name) ?? { kind: 'absent' };
    const origin = originOf(name, role, sight, given, context);
    const wrong = bucketProblem(name, role, origin, sight, adminName, context);
    if (wrong) problems.push(wrong);
    // Asking for a new bucket is no leave to use an old one.
    else if (origin === 'existing' && isNewName(name, given) && !base)
      problems.push(problem('bucket-exists', { bucket: name }));
    return { name, origin };
  };
  const users = names.map((name) => place(name, 'users'));
  const admin = place(adminName, 'admin');
  problems.push(...fixedProblems(given, base, adminName));
  if (names.length > MOST_USERS_BUCKETS)
    problems.push(
      problem('bad-option', {
        option: '--existing-bucket',
        found: names.join(', '),
        wants: `given for at most ${MOST_USERS_BUCKETS} users' buckets in all`,
      }),
    );
  if (names.includes(adminName))
    problems.push(
      problem('bad-option', {
        option: '--admin-bucket',
        found: adminName,
        wants: "another bucket than the users'",
      }),
    );
  return problems.length > 0 ? { problems } : { users, admin };
}

const isNewName = (name: string, given: GivenBuckets) => name === given.bucket || name === given.adminBucket;

function originOf(
  name: string,
  role: BucketRole,
  sight: BucketSight,
  given: GivenBuckets,
  { base, record, place }: BucketContext,
): PlacedBucket['origin'] {
  const parameters = base?.parameters ?? {};
  const isMade =
    role === 'users' ? parameters['OwnUsersBucketName'] === name : parameters['MakeAdminBucket'] === 'yes';
  if (isMade) return 'made';
  const isOurs =
    record?.buckets.own.includes(name) === true ||
    name === defaultBucket(place, role) ||
    (sight.kind === 'here' && sight.tags['aws:cloudformation:stack-name'] === `control-${place.name}-base`);
  if (isOurs) return sight.kind === 'absent' && !base ? 'made' : 'kept';
  return isNewName(name, given) && sight.kind === 'absent' ? 'made' : 'existing';
}

function bucketProblem(
  name: string,
  role: BucketRole,
  origin: PlacedBucket['origin'],
  sight: BucketSight,
  adminName: string,
  { place, base }: BucketContext,
): Problem | undefined {
  switch (sight.kind) {
    case 'absent':
      // A stack that stands does not make its bucket a second time.
      return origin === 'made' && !base ? undefined : problem('bucket-missing', { bucket: name });
    case 'foreign':
      return problem('bucket-of-others', { bucket: name });
    case 'elsewhere':
      return problem('bucket-elsewhere', { bucket: name, region: sight.region, home: place.region });
    case 'here': {
      const other = sight.tags[ADMIN_BUCKET_TAG];
      if (role === 'users' && other !== undefined && other !== adminName)
        return problem('bucket-taken', { bucket: name, other });
      return undefined;
    }
  }
}

/** What was decided by the first installation. */
function fixedProblems(
  { bucket, adminBucket, existingAdminBucket }: GivenBuckets,
  base: ControlStack | undefined,
  adminName: string,
): Problem[] {
  if (!base) return [];
  const known = listOf(base.parameters['UsersBucketNames']);
  const admin = existingAdminBucket ?? adminBucket;
  return [
    ...(bucket !== undefined && !known.includes(bucket)
      ? [problem('fixed-choice', { what: "the users' bucket", is: known.join(', '), found: bucket })]
      : []),
    ...(admin !== undefined && admin !== adminName
      ? [problem('fixed-choice', { what: "the administrator's bucket", is: adminName, found: admin })]
      : []),
  ];
}

export function listOf(text: string | undefined): string[] {
  return (text ?? '').split(',').filter((one) => one !== '');
}

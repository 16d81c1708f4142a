import { type AccountPlace, installationId } from './account-place.ts';
import type { Choices } from './choices.ts';
import type { ControlPart, Template } from './control-stack.ts';
import type { PlacedBuckets } from './placed-buckets.ts';

/** What the templates are filled in with. */
export interface ParameterSources {
  readonly place: AccountPlace;
  readonly choices: Choices;
  readonly buckets: PlacedBuckets;
  /** Key of the functions' zip in the administrator's bucket. */
  readonly codeKey: string;
  /** Outputs of the base stack; `undefined` as long as there is none. */
  readonly base: Readonly<Record<string, string>> | undefined;
}

/** `undefined`: known only when the stack before stands. */
export type Parameters = Readonly<Record<string, string | undefined>>;

/** Values for the parameters that the template has, so that one of an emulator may do with fewer. */
export function stackParameters(
  part: ControlPart,
  template: Template,
  sources: ParameterSources,
): Parameters {
  const values = VALUES[part](sources);
  const has = Object.keys(Object(template['Parameters']));
  return Object.fromEntries(Object.entries(values).filter(([name]) => has.includes(name)));
}

const VALUES: Readonly<Record<ControlPart, (sources: ParameterSources) => Parameters>> = {
  base: ({ place, choices, buckets }) => ({
    ...identity(place),
    UsersBucketNames: namesOf(buckets),
    OwnUsersBucketName: buckets.users.find(({ origin }) => origin === 'made')?.name ?? '',
    AdminBucketName: buckets.admin.name,
    MakeAdminBucket: buckets.admin.origin === 'made' ? 'yes' : 'no',
    ClustersRegion: choices.clustersRegion,
    OldVersionsDays: String(choices.oldVersionsDays),
    FederatedTag: choices.federatedTag,
  }),
  clusters: ({ place, choices }) => ({
    ...identity(place),
    MakeVpc: choices.vpc ? 'no' : 'yes',
    VpcCidr: choices.vpcCidr,
    HomeRegion: place.region,
    HomeEventBusArn: `arn:${place.partition}:events:${place.region}:${place.account}:event-bus/default`,
  }),
  mail: ({ place, choices }) => ({ ...identity(place), MailAddress: choices.mail?.from ?? '' }),
  engine: ({ place, choices, buckets, codeKey, base }) => ({
    ...identity(place),
    AdminBucketName: buckets.admin.name,
    CodeKey: codeKey,
    UsersBucketNames: namesOf(buckets),
    ClustersRegion: choices.clustersRegion,
    MailRegion: choices.mail?.region ?? '',
    MailFrom: choices.mail?.from ?? '',
    ExecutionRoleArn: base?.['ExecutionRoleArn'],
    AlarmEmail: choices.alarmEmail ?? '',
    LogRetentionDays: String(choices.logDays),
    SweepMinutes: String(choices.sweepMinutes),
  }),
};

function identity(place: AccountPlace): Parameters {
  return { InstallationName: place.name, InstallationId: installationId(place) };
}

function namesOf({ users }: PlacedBuckets): string {
  return users.map(({ name }) => name).join(',');
}

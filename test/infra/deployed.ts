import { resolved, type World } from './resolved.ts';
import { type TemplateName, template } from './templates.ts';

/** An installation to look at: everything that its templates leave open is filled in. */
export const ACCOUNT = '123456789012';
export const HOME = 'eu-west-2';
export const ID = `clusterdrop-${ACCOUNT}-${HOME}`;
export const USERS_BUCKETS = ['users-one', 'users-two'] as const;
export const ADMIN_BUCKET = 'the-admin-bucket';
export const EXECUTION_ROLE = `arn:aws:iam::${ACCOUNT}:role/clusterdrop/clusterdrop/control/clusterdrop-execution`;
export const BOUNDARY = `arn:aws:iam::${ACCOUNT}:policy/clusterdrop/clusterdrop/control/clusterdrop-boundary`;

const COMMON = { InstallationName: 'clusterdrop', InstallationId: ID };

export const PARAMETERS: Readonly<Record<TemplateName, Readonly<Record<string, string>>>> = {
  base: {
    ...COMMON,
    UsersBucketNames: USERS_BUCKETS.join(','),
    OwnUsersBucketName: USERS_BUCKETS[0],
    AdminBucketName: ADMIN_BUCKET,
    MakeAdminBucket: 'yes',
    ClustersRegion: HOME,
  },
  clusters: {
    ...COMMON,
    MakeVpc: 'yes',
    HomeRegion: HOME,
    HomeEventBusArn: `arn:aws:events:${HOME}:${ACCOUNT}:event-bus/default`,
  },
  mail: { MailAddress: 'clusterdrop@example.org' },
  engine: {
    ...COMMON,
    AdminBucketName: ADMIN_BUCKET,
    CodeKey: 'code/0123456789abcdef.zip',
    UsersBucketNames: USERS_BUCKETS.join(','),
    ClustersRegion: HOME,
    MailRegion: HOME,
    MailFrom: 'clusterdrop@example.org',
    ExecutionRoleArn: EXECUTION_ROLE,
    AlarmEmail: 'admin@example.org',
  },
};

/** What a template comes to with these parameters; `given` replaces some of them. */
export function deployed(
  name: TemplateName,
  given: Readonly<Record<string, string>> = {},
  world: Partial<World> = {},
) {
  return resolved(template(name), {
    account: ACCOUNT,
    region: HOME,
    zones: ['a', 'b', 'c'].map((zone) => `${world.region ?? HOME}${zone}`),
    ...world,
    parameters: { ...PARAMETERS[name], ...given },
  });
}

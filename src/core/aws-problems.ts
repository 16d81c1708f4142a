import { define } from './problem-definition.ts';
import { TEMPLATE_PROBLEMS } from './template-problems.ts';

/** What can be wrong with an installation in an AWS account: a part of the one table in `problems.ts`, in the same style. */
export const AWS_PROBLEMS = {
  'not-on-aws': define<{ bucket: string }>({
    owner: 'operator',
    says: ({ bucket }) => `the bucket ${bucket} holds no installation of Clusterdrop on AWS`,
    fix: 'Install one with "clusterdrop admin deploy", or name the right bucket with --store s3://BUCKET.',
  }),
  'removal-refused': define<{ stack: string; reason: string }>({
    owner: 'operator',
    says: ({ stack, reason }) => `CloudFormation refuses to delete the stack ${stack}: ${reason}`,
    fix: 'Remove what it names, such as termination protection (in the console: Stack actions); it is tried again by itself.',
  }),
  'bucket-not-versioned': define<{ bucket: string }>({
    owner: 'operator',
    says: ({ bucket }) =>
      `the bucket ${bucket} keeps no versions, so two drops of the same text cannot be told apart and nothing is done in it`,
    fix: 'The administrator switches versioning on (aws s3api put-bucket-versioning); S3 takes up to 15 minutes until it holds.',
  }),

  // Where and who
  'no-such-bucket': define<{ bucket: string }>({
    owner: 'author',
    says: ({ bucket }) => `there is no bucket ${bucket}`,
    fix: 'Check the name behind s3://, and the account: AWS_PROFILE chooses the credentials.',
  }),
  'bad-configuration': define<{ file: string; why: string }>({
    owner: 'author',
    says: ({ file, why }) => `the configuration file ${file} cannot be used: ${why}`,
    fix: 'Correct or remove it; --store s3://BUCKET writes a new one, and --dir or --store do without it.',
  }),
  'caller-is-root': define<{ account: string }>({
    owner: 'author',
    says: ({ account }) => `you call as the root user of the account ${account}, who is nobody's user name`,
    fix: 'Say whose clusters are meant: --user NAME. Better still, use an IAM user: root needs no daily work.',
  }),
  'caller-unnamed': define<{ arn: string }>({
    owner: 'author',
    says: ({ arn }) => `which folder is yours cannot be told from your AWS identity, ${arn}`,
    fix: 'Say it once: --user NAME, or CLUSTERDROP_USER. Your administrator knows the name of your folder.',
  }),
  'caller-no-user': define<{ user: string; arn: string }>({
    owner: 'author',
    says: ({ user, arn }) => `"${user}" is no user of this installation; you call as ${arn}`,
    fix: ({ user }) =>
      `Say whose clusters are meant: --user NAME. To start clusters yourself: clusterdrop admin add-user ${user}`,
  }),
  'folder-denied': define<{ folder: string; arn: string }>({
    owner: 'author',
    says: ({ folder, arn }) => `${folder} is not open to you: AWS refused ${arn}`,
    fix: "Check --user and AWS_PROFILE. If the folder is yours, ask your administrator: it needs the rights of the users' policy.",
  }),
  'needs-admin-rights': define<{ bucket: string; arn: string }>({
    owner: 'author',
    says: ({ bucket, arn }) => `this needs the administrator's bucket of ${bucket}, which ${arn} may not see`,
    fix: 'Use the credentials of an administrator of the installation, such as AWS_PROFILE=NAME.',
  }),

  // Calls that AWS did not carry out
  'no-credentials': define<{ what: string }>({
    owner: 'author',
    says: ({ what }) => `no AWS credentials were found: ${what}`,
    fix: 'Run "aws configure" or "aws sso login", or name a profile that has some: AWS_PROFILE=NAME.',
  }),
  'credentials-expired': define<{ what: string }>({
    owner: 'author',
    says: ({ what }) => `your AWS credentials have expired: ${what}`,
    fix: 'Log in again, with "aws sso login" or as you got them.',
  }),
  'unknown-credentials': define<{ what: string }>({
    owner: 'author',
    says: ({ what }) => `AWS does not know your credentials: ${what}`,
    fix: 'Check the access key: "aws sts get-caller-identity" shows whose it is. AWS_PROFILE chooses another.',
  }),
  'access-denied': define<{ what: string }>({
    owner: 'operator',
    says: ({ what }) => `AWS refused: ${what}`,
    fix: 'If this is your own folder, show this to your administrator; else use credentials that may do it (AWS_PROFILE).',
  }),
  'clock-wrong': define<{ what: string }>({
    owner: 'author',
    says: ({ what }) =>
      `the clock of this machine is wrong, and AWS believes no call of a wrong time: ${what}`,
    fix: 'Set the clock, best by network time (timedatectl set-ntp true).',
  }),
  'aws-unreachable': define<{ what: string }>({
    owner: 'author',
    says: ({ what }) => `AWS cannot be reached: ${what}`,
    fix: 'Check the network, a proxy, and AWS_ENDPOINT_URL if it is set; then try again.',
  }),
  'aws-busy': define<{ what: string }>({
    owner: 'operator',
    says: ({ what }) => `AWS asks to be called less often: ${what}`,
    fix: 'Try again in a minute.',
  }),
  'aws-failed': define<{ what: string }>({
    owner: 'operator',
    says: ({ what }) => `AWS could not do it: ${what}`,
    fix: 'Try again; if it stays, show this to your administrator.',
  }),

  ...TEMPLATE_PROBLEMS,
} as const;

import { define } from './problem-definition.ts';
import { TEMPLATE_PROBLEMS } from './template-problems.ts';

/** What can be wrong with an installation in an AWS account: a part of the one table in `problems.ts`, in the same style. */
export const AWS_PROBLEMS = {
  'not-on-aws': define<{ bucket: string }>({
    owner: 'operator',
    says: ({ bucket }) => `the bucket ${bucket} holds no installation of Clusterdrop on AWS`,
    fix: 'Install one with "clusterdrop admin deploy", or name the right bucket with --store s3://BUCKET.',
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

  // Installing and taking down
  'needs-yes': define<{ command: string }>({
    owner: 'author',
    says: ({ command }) =>
      `"clusterdrop ${command}" asks before it changes anything, and nobody can answer here`,
    fix: 'Look at what it would do, at a terminal or with --dry-run; then add --yes.',
  }),
  'ssh-from-needed': define({
    owner: 'author',
    says: () => 'it must be said from where clusters may be reached by ssh',
    fix: 'Add --ssh-from and the range of your network, such as 192.0.2.0/24; 0.0.0.0/0 is everywhere.',
  }),
  'incomplete-package': define<{ file: string }>({
    owner: 'operator',
    says: ({ file }) => `this copy of Clusterdrop is not complete: ${file} is missing or cannot be read`,
    fix: 'Run "npm ci && npm run build" in its folder.',
  }),
  'name-in-use': define<{ name: string; role: string; id: string | undefined; region: string }>({
    owner: 'author',
    says: ({ name, role, id, region }) =>
      `there is no installation "${name}" in ${region}, but the account has its role ${role}${id === undefined ? '' : ` (of ${id})`}`,
    fix: 'Names of roles hold for all regions: name the region where it is installed with --region, or choose another --name.',
  }),
  'fixed-choice': define<{ what: string; is: string; found: string }>({
    owner: 'author',
    says: ({ what, is, found }) => `${what} cannot be changed from ${is} to ${found}`,
    fix: 'Leave the option out. To begin anew: "clusterdrop admin destroy", which keeps all data, or another --name.',
  }),
  'bucket-missing': define<{ bucket: string }>({
    owner: 'author',
    says: ({ bucket }) => `the bucket ${bucket} is not there`,
    fix: 'Check its name, or make it again; without it nothing can be installed.',
  }),
  'bucket-exists': define<{ bucket: string }>({
    owner: 'author',
    says: ({ bucket }) => `the bucket ${bucket} was to be made, but is there already`,
    fix: 'To take it as it is, use --existing-bucket (or --existing-admin-bucket); else choose another name.',
  }),
  'bucket-of-others': define<{ bucket: string }>({
    owner: 'author',
    says: ({ bucket }) => `the bucket ${bucket} belongs to another account, or you may not see it`,
    fix: 'Choose another name: those of buckets hold for the whole world. Or use credentials that may see it.',
  }),
  'bucket-elsewhere': define<{ bucket: string; region: string; home: string }>({
    owner: 'author',
    says: ({ bucket, region, home }) => `the bucket ${bucket} lies in ${region}, not in ${home}`,
    fix: ({ region }) =>
      `All buckets of an installation lie in its region: install with --region ${region}, and --clusters-region for the clusters.`,
  }),
  'bucket-taken': define<{ bucket: string; other: string }>({
    owner: 'author',
    says: ({ bucket, other }) =>
      `the bucket ${bucket} belongs to another installation, whose administrator's bucket is ${other}`,
    fix: 'Take another bucket. If that installation is gone, remove the tag clusterdrop:administrator-bucket from this one.',
  }),
  'bad-network': define<{ what: string }>({
    owner: 'author',
    says: ({ what }) => `the network that was named cannot be used: ${what}`,
    fix: 'Give --vpc, and with --subnets public subnets of that VPC, best one in each zone.',
  }),
  'clusters-live': define<{ clusters: readonly string[]; what: string }>({
    owner: 'author',
    says: ({ clusters, what }) =>
      `as long as there are clusters, nothing is done (${what}): ${clusters.join(', ')}`,
    fix: 'End them with "clusterdrop admin stop --all", and wait until "clusterdrop admin clusters" shows none.',
  }),
  'control-stack-failed': define<{
    stack: string;
    region: string;
    status: string;
    resource: string;
    reason: string;
  }>({
    owner: 'operator',
    says: ({ stack, region, status, resource, reason }) =>
      `the stack ${stack} in ${region} is ${status}: ${resource} failed: ${reason}`,
    fix: 'Clear away what that says, then run the same command again: it goes on from there.',
  }),
  'control-stack-stuck': define<{ stack: string; region: string; status: string }>({
    owner: 'operator',
    says: ({ stack, region, status }) =>
      `the stack ${stack} in ${region} is ${status} and does not move by itself`,
    fix: ({ status }) =>
      status === 'DELETE_FAILED'
        ? 'Run "clusterdrop admin destroy" again to bring its end about; its events in the console say what stood in the way.'
        : 'In the CloudFormation console, look at its events, and choose "Continue update rollback"; then run this again.',
  }),
  'deployed-meanwhile': define<{ bucket: string }>({
    owner: 'author',
    says: ({ bucket }) => `somebody else has changed the installation in ${bucket} meanwhile`,
    fix: 'Run the command again: it looks anew.',
  }),
  'nothing-installed': define<{ name: string; region: string }>({
    owner: 'author',
    says: ({ name, region }) => `there is no installation "${name}" in ${region}`,
    fix: "Check --name, --region and AWS_PROFILE; an administrator's bucket with a name of its own is named with --admin-bucket.",
  }),
  'not-typed': define<{ bucket: string }>({
    owner: 'author',
    says: ({ bucket }) => `data are deleted only after the name of the bucket has been typed: ${bucket}`,
    fix: 'Run it at a terminal and type the name exactly; without --delete-data all data stay.',
  }),

  // IAM users
  'only-on-aws': define<{ option: string }>({
    owner: 'author',
    says: ({ option }) => `${option} has a meaning only for an installation on AWS, and this one is a folder`,
    fix: 'Leave it out, or name the installation: --store s3://BUCKET.',
  }),
  'no-iam-user': define<{ user: string }>({
    owner: 'author',
    says: ({ user }) => `the account has no IAM user ${user}`,
    fix: 'Add --create to make one, or --federated for somebody who signs in by your own directory. Check the letter case as well.',
  }),
  'no-iam-group': define<{ group: string }>({
    owner: 'operator',
    says: ({ group }) => `the account has no IAM group ${group}`,
    fix: 'Name another with --group, or none with --group none; "clusterdrop admin deploy" makes that of the installation again.',
  }),
  'access-key-file': define<{ file: string; why: string }>({
    owner: 'author',
    says: ({ file, why }) => `the access key cannot be written to ${file}: ${why}`,
    fix: 'Name a file that is not there yet, in a folder that you may write to. No key was made.',
  }),
  'access-key-limit': define<{ user: string }>({
    owner: 'author',
    says: ({ user }) => `${user} has two access keys already, the most that IAM allows`,
    fix: 'Remove one that is not used any more: aws iam list-access-keys, aws iam delete-access-key.',
  }),

  // Mail through SES
  'mail-not-verified': define<{ from: string }>({
    owner: 'operator',
    says: ({ from }) => `Amazon SES does not know yet that mail from ${from} is yours`,
    fix: 'Open the link in the letter that SES sent to that address, or add the records that it asks for to the DNS of the domain.',
  }),
  'mail-sandbox': define<{ to: readonly string[] }>({
    owner: 'operator',
    says: ({ to }) =>
      `Amazon SES keeps this account in its sandbox, where it sends to verified addresses only, and ${to.join(', ')} is none`,
    fix: 'Ask AWS for production access (SES console, Account dashboard), or have the address verified.',
  }),
  'mail-paused': define<{ reason: string }>({
    owner: 'operator',
    says: ({ reason }) => `Amazon SES sends no mail of this account: ${reason}`,
    fix: 'The SES console says why it was paused (Account dashboard, Reputation metrics) and how to go on.',
  }),
  'mail-refused': define<{ reason: string }>({
    owner: 'operator',
    says: ({ reason }) => `Amazon SES refused a letter: ${reason}`,
    fix: 'Check sender and recipient in the SES console; "clusterdrop admin doctor" looks at both.',
  }),

  // Prices
  'prices-implausible': define<{ region: string; what: string }>({
    owner: 'operator',
    says: ({ region, what }) => `what the Price List API answered for ${region} cannot be right: ${what}`,
    fix: 'Nothing was changed: the prices from before hold, and they are asked for again tomorrow. If it stays, upgrade Clusterdrop.',
  }),
} as const;

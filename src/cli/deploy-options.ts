import { isInstallationName } from '../aws/installing/account-place.ts';
import type { GivenChoices } from '../aws/installing/choices.ts';
import { cidrOf } from '../aws/installing/cidr.ts';
import type { GivenBuckets } from '../aws/installing/placed-buckets.ts';
import { type Problem, ProblemError, problem } from '../core/problems.ts';
import { isMailAddress } from '../engine/administration/mail-address.ts';
import { COMMON, type OptionForms, type ReadOptions } from './options.ts';

export const DEFAULT_NAME = 'clusterdrop';

const BUCKET = 'the name of a bucket';
const ADDRESS = 'a mail address, or none';
const REGION = 'a region such as eu-west-2';
const RANGE = 'an IPv4 range such as 192.0.2.0/24';

/** Which installation in which account. */
export const INSTALLATION: OptionForms = {
  ...COMMON,
  name: { wants: 'up to 20 small letters, digits and hyphens, a letter first, and not "control"' },
  region: { wants: REGION },
  yes: { wants: 'flag' },
};

export const DEPLOY: OptionForms = {
  ...INSTALLATION,
  bucket: { wants: BUCKET },
  'existing-bucket': { wants: BUCKET, several: true },
  'admin-bucket': { wants: BUCKET },
  'existing-admin-bucket': { wants: BUCKET },
  'clusters-region': { wants: REGION },
  'mail-region': { wants: REGION },
  'admin-email': { wants: ADDRESS },
  'mail-from': { wants: ADDRESS },
  'alarm-email': { wants: ADDRESS },
  contact: { wants: 'whom users may ask, such as a name or a mail address' },
  'ssh-from': { wants: RANGE },
  vpc: { wants: 'the id of a VPC, or none' },
  subnets: { wants: 'ids of public subnets with commas between them' },
  'vpc-cidr': { wants: 'an IPv4 range of /16 such as 10.86.0.0/16' },
  'log-days': { wants: 'a number of days that CloudWatch knows, such as 30, 90 or 365' },
  'old-versions-days': { wants: 'a number of days, at least 1' },
  'sweep-minutes': { wants: 'a number of minutes from 2 to 15' },
  'federated-tag': { wants: 'the key of a tag: letters, digits and _ . : + @ -' },
  templates: { wants: 'a folder of templates' },
  'dry-run': { wants: 'flag' },
};

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const RETENTIONS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const isRegion = (text: string) => /^[a-z]{2}(?:-[a-z]+)+-\d$/.test(text);
const isBucket = (text: string) => /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(text);

/** Reads values of options; what is wrong is gathered, to be told at once. */
class Values {
  readonly problems: Problem[] = [];
  readonly #options: ReadOptions;
  readonly #forms: OptionForms;

  constructor(options: ReadOptions, forms: OptionForms) {
    this.#options = options;
    this.#forms = forms;
  }

  /** @returns nothing for an option that was not given, or is wrong */
  read<T>(option: string, as: (text: string) => T | undefined): T | undefined {
    const text = this.#options.get(option);
    return text === undefined ? undefined : this.check(option, text, as(text));
  }

  check<T>(option: string, found: string, value: T | undefined): T | undefined {
    const wants = this.#forms[option]?.wants ?? '';
    if (value === undefined)
      this.problems.push(problem('bad-option', { option: `--${option}`, found, wants }));
    return value;
  }

  done(): void {
    if (this.problems.length > 0) throw new ProblemError(...this.problems);
  }
}

const that = (holds: (text: string) => boolean) => (text: string) => (holds(text) ? text : undefined);
const orNone = (holds: (text: string) => boolean) => (text: string) =>
  text === 'none' ? null : holds(text) ? text : undefined;
const number = (holds: (n: number) => boolean) => (text: string) =>
  /^\d{1,6}$/.test(text) && holds(Number(text)) ? Number(text) : undefined;

/** @throws ProblemError `bad-option` */
export function installationName(options: ReadOptions): string {
  const values = new Values(options, INSTALLATION);
  const name = values.read('name', that(isInstallationName)) ?? DEFAULT_NAME;
  values.read('region', that(isRegion));
  values.done();
  return name;
}

export function givenBuckets(options: ReadOptions): GivenBuckets {
  const values = new Values(options, DEPLOY);
  const one = (option: string) => values.read(option, that(isBucket));
  const [bucket, adminBucket, existingAdminBucket] = [
    one('bucket'),
    one('admin-bucket'),
    one('existing-admin-bucket'),
  ];
  const existing = options
    .all('existing-bucket')
    .flatMap((name) => values.check('existing-bucket', name, that(isBucket)(name)) ?? []);
  values.done();
  return {
    existing,
    ...(bucket !== undefined && { bucket }),
    ...(adminBucket !== undefined && { adminBucket }),
    ...(existingAdminBucket !== undefined && { existingAdminBucket }),
  };
}

/** @throws ProblemError with every option that is wrong */
export function givenChoices(options: ReadOptions): GivenChoices {
  const values = new Values(options, DEPLOY);
  const vpcId = values.read(
    'vpc',
    orNone((text) => /^vpc-[0-9a-f]+$/.test(text)),
  );
  const subnets = values.read('subnets', (text) => {
    const ids = text.split(',').map((id) => id.trim());
    return ids.every((id) => /^subnet-[0-9a-f]+$/.test(id)) ? ids : undefined;
  });
  if ((typeof vpcId === 'string') !== (subnets !== undefined))
    values.problems.push(problem('bad-network', { what: '--vpc and --subnets belong together' }));
  const given = {
    clustersRegion: values.read('clusters-region', that(isRegion)),
    mailRegion: values.read('mail-region', that(isRegion)),
    adminEmail: values.read('admin-email', orNone(isMailAddress)),
    mailFrom: values.read('mail-from', orNone(isMailAddress)),
    alarmEmail: values.read('alarm-email', orNone(isMailAddress)),
    contact: values.read(
      'contact',
      that((text) => text.trim() !== '' && text.length <= 200),
    ),
    sshFrom: values.read('ssh-from', (text) => cidrOf(text)?.text),
    vpc: vpcId === null ? null : typeof vpcId === 'string' && subnets ? { id: vpcId, subnets } : undefined,
    vpcCidr: values.read('vpc-cidr', vpcRange),
    logDays: values.read(
      'log-days',
      number((days) => RETENTIONS.includes(days)),
    ),
    oldVersionsDays: values.read(
      'old-versions-days',
      number((days) => days >= 1),
    ),
    sweepMinutes: values.read(
      'sweep-minutes',
      number((minutes) => minutes >= 2 && minutes <= 15),
    ),
    federatedTag: values.read(
      'federated-tag',
      that((text) => /^[\w.:+@-]{1,128}$/.test(text)),
    ),
  };
  values.done();
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as GivenChoices;
}

/** What people type when they are asked; the same as behind `--ssh-from`. */
export function sshRange(text: string): string {
  const range = cidrOf(text)?.text;
  if (range !== undefined) return range;
  throw new ProblemError(problem('bad-option', { option: '--ssh-from', found: text, wants: RANGE }));
}

/** Of AWS's /16 to /28 the template takes the widest only, out of which it cuts its subnets. */
function vpcRange(text: string): string | undefined {
  const range = cidrOf(text);
  return range?.length === 16 ? range.text : undefined;
}

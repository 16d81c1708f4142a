/** What an administrator chooses. Kept in `deployment.json`, so that an upgrade need not be told again. */
export interface Choices {
  readonly clustersRegion: string;
  /** CIDR from which login nodes may be reached by ssh. */
  readonly sshFrom: string;
  /** Whom users may ask. */
  readonly contact: string;
  /** Versions of objects that were replaced or removed are kept so long. */
  readonly oldVersionsDays: number;
  readonly logDays: number;
  /** How often everything is looked through for what no event told of. */
  readonly sweepMinutes: number;
  /** Principal tag that names the folder of somebody who is no IAM user. */
  readonly federatedTag: string;
  /** Range of the network that is made; without meaning where there is `vpc`. */
  readonly vpcCidr: string;
  /** A network that is there already. */
  readonly vpc?: { readonly id: string; readonly subnets: readonly string[] };
  readonly adminEmail?: string;
  readonly alarmEmail?: string;
  /** Without it no mail is sent. */
  readonly mail?: { readonly region: string; readonly from: string };
}

/** As given on the command line; `null` takes away what was chosen before. */
export type GivenChoices = { readonly [K in Exclude<keyof Choices, 'mail'>]?: Choices[K] | null } & {
  readonly mailFrom?: string | null;
  readonly mailRegion?: string;
};

export const DEFAULT_CHOICES = {
  oldVersionsDays: 30,
  logDays: 90,
  sweepMinutes: 5,
  federatedTag: 'clusterdrop-user',
  vpcCidr: '10.86.0.0/16',
} as const;

/** What is given now counts, then what was chosen before, then the default. `sshFrom` has none: it is asked for, never assumed. */
export function choose(given: GivenChoices, before: Partial<Choices>, home: string): Partial<Choices> {
  const { mailFrom, mailRegion, ...rest } = given;
  const { mail, ...known } = before;
  const chosen: Record<string, unknown> = { ...DEFAULT_CHOICES, clustersRegion: home, ...known };
  // Nobody named a contact then: it follows the address.
  if (before.contact === before.adminEmail) delete chosen['contact'];
  for (const [key, value] of Object.entries(rest)) {
    if (value === null) delete chosen[key];
    else if (value !== undefined) chosen[key] = value;
  }
  const from = mailFrom === undefined ? mail?.from : (mailFrom ?? undefined);
  if (from !== undefined) chosen['mail'] = { from, region: mailRegion ?? mail?.region ?? home };
  chosen['contact'] ??= chosen['adminEmail'] ?? 'your administrator';
  return chosen;
}

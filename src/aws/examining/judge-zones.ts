import { fail, type Verdict, warn } from '../../core/finding.ts';

export interface ZoneFacts {
  readonly type: string;
  readonly region: string;
  /** Zones that have it. */
  readonly offered: readonly string[];
  /** Zones of the installation's subnets; the first is where login nodes go. */
  readonly subnets: readonly string[];
  /** Needed by requests that do not name it: then it is no matter of taste. */
  readonly isDefault: boolean;
}

/** What is wrong with a type in these zones; nothing when it can be had where clusters are placed. */
export function judgeZones({ type, region, offered, subnets, isDefault }: ZoneFacts): readonly Verdict[] {
  const tell = isDefault ? fail : warn;
  const needed = isDefault ? ', which requests take by default' : '';
  if (offered.length === 0)
    return [
      tell(
        `${region} has no ${type}${needed}`,
        isDefault
          ? 'Give the blueprint another default, or the clusters another region.'
          : 'Take another type, or another region.',
      ),
    ];
  const [preferred = '', ...others] = subnets;
  if (offered.includes(preferred)) return [];
  const elsewhere = others.filter((zone) => offered.includes(zone));
  return [
    elsewhere.length > 0
      ? tell(
          `${preferred}, where clusters are placed first, has no ${type}${needed}; ${elsewhere.join(', ')} has it`,
          'Take another type. In a network of your own, give the subnets in another order: clusterdrop admin deploy --vpc ID --subnets A,B',
        )
      : tell(
          `no zone of the installation's subnets (${subnets.join(', ')}) has ${type}${needed}; ${offered.join(', ')} has it`,
          'Take another type. In a network of your own, add a subnet there: clusterdrop admin deploy --vpc ID --subnets A,B',
        ),
  ];
}

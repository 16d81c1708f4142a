import { wantsOf } from '../core/read-value.ts';
import { REQUEST_KEYS, type RequestKey } from '../core/request-keys.ts';
import type { OptionForms, ReadOptions } from './options.ts';

/** Short names of keys that people use often; every key has its long name as well, made from the key itself. */
const SHORT: Readonly<Record<string, string>> = {
  ComputeInstanceType: 'compute-type',
  ComputeSpotPrice: 'spot-price',
  AutoscalingPolicy: 'autoscaling',
  ComputeInitialNodes: 'initial-nodes',
  ComputeMaxNodes: 'max-nodes',
  MasterInstanceType: 'login-type',
  MasterSystemVolumeSize: 'disk',
  NotifyEmail: 'notify',
};

/** An option for every key of the request vocabulary. */
export const REQUEST_OPTIONS: OptionForms = Object.fromEntries(
  REQUEST_KEYS.flatMap((one) => namesOf(one).map((name) => [name, { wants: wantsOf(one.kind) }])),
);

/** `ComputeMaxNodes` -> `max-nodes`, `compute-max-nodes`. */
function namesOf({ key }: RequestKey): string[] {
  const long = key.replace(/(?!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
  const short = SHORT[key];
  return short === undefined || short === long ? [long] : [short, long];
}

export interface OptionRequest {
  /** As a file would say it; blank without any option. */
  readonly text: string;
  /** The options that were given. */
  readonly given: readonly string[];
}

/** The request that the options stand for. Values are judged where files are judged, not here. */
export function requestOf(options: ReadOptions): OptionRequest {
  const given: string[] = [];
  const request: Record<string, string | number> = {};
  for (const one of REQUEST_KEYS)
    for (const name of namesOf(one)) {
      const value = options.get(name);
      if (value === undefined) continue;
      given.push(`--${name}`);
      request[one.key] = one.kind.type === 'whole' && /^\d{1,9}$/.test(value) ? Number(value) : value;
    }
  return { text: given.length === 0 ? '' : `${JSON.stringify(request, null, 2)}\n`, given };
}

/** Lines for the help of a command that takes them. */
export function requestOptionsHelp(): string {
  return REQUEST_KEYS.filter(({ key }) => !key.endsWith('Other'))
    .map((one) => {
      const [name = ''] = namesOf(one);
      return `  --${name.padEnd(14)}  ${wantsOf(one.kind)}`;
    })
    .join('\n');
}

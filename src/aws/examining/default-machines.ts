import type { InstanceCatalogue } from '../../core/instance-catalogue.ts';
import { readDefaults } from '../../core/request.ts';
import type { Settings } from '../../core/settings.ts';
import { offeredBlueprint } from '../../engine/blueprints.ts';
import { DEFAULT_BLUEPRINT } from '../../engine/gate.ts';
import type { AwsSubject } from './aws-subject.ts';

/** What a request that says nothing is made of. */
export type DefaultMachines = Pick<
  Settings,
  'MasterInstanceType' | 'ComputeInstanceType' | 'ComputeSpotPrice'
>;

/** `undefined` where no blueprint says so: another check tells that it is missing. */
export async function defaultMachines(
  { admin, installation }: AwsSubject,
  catalogue: InstanceCatalogue,
): Promise<DefaultMachines | undefined> {
  const offered = await offeredBlueprint({ admin }, installation.defaultBlueprint ?? DEFAULT_BLUEPRINT);
  const { request } = readDefaults(offered?.blueprint.defaults ?? {}, catalogue);
  const { MasterInstanceType, ComputeInstanceType, ComputeSpotPrice = 'on-demand' } = request;
  return MasterInstanceType === undefined || ComputeInstanceType === undefined
    ? undefined
    : { MasterInstanceType, ComputeInstanceType, ComputeSpotPrice };
}

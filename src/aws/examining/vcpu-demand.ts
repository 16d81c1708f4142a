import type { InstanceCatalogue } from '../../core/instance-catalogue.ts';
import type { Limits } from '../../core/limits.ts';
import type { DefaultMachines } from './default-machines.ts';
import { quotaOf } from './vcpu-quotas.ts';

/** vCPUs that count against one quota. */
export interface Demand {
  readonly largest: number;
  readonly everybody: number;
}

/**
 * What users may start at most by their limits, made of the default types: quota code -> vCPUs. Larger types take more, and the
 * limits on money take less: it is a measure, no bound.
 */
export function vcpuDemand(
  machines: DefaultMachines,
  limits: readonly Limits[],
  catalogue: InstanceCatalogue,
): ReadonlyMap<string, Demand> {
  const { MasterInstanceType: login, ComputeInstanceType: compute, ComputeSpotPrice: spot } = machines;
  const [loginQuota, computeQuota] = [quotaOf(login), quotaOf(compute)];
  const computeCode = spot === 'on-demand' ? computeQuota?.onDemand : computeQuota?.spot;
  const vcpusOf = (type: string) => catalogue.lookup(type)?.shape?.vcpus ?? 0;
  const demand = new Map<string, Demand>();
  for (const { clusters, nodes } of limits) {
    const parts: [string | undefined, number][] = [
      [loginQuota?.onDemand, vcpusOf(login)],
      [computeCode, nodes * vcpusOf(compute)],
    ];
    const one = new Map<string, number>();
    for (const [code, vcpus] of parts) if (code !== undefined) one.set(code, (one.get(code) ?? 0) + vcpus);
    for (const [code, vcpus] of one) {
      const before = demand.get(code) ?? { largest: 0, everybody: 0 };
      demand.set(code, {
        largest: Math.max(before.largest, vcpus),
        everybody: before.everybody + clusters * vcpus,
      });
    }
  }
  return demand;
}

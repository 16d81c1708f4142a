import type { InstanceCatalogue } from '../../core/instance-catalogue.ts';
import type { EngineMachine } from './container-engine.ts';
import type { SlurmParameters } from './slurm-parameters.ts';

/** What a host is to look like: the CPUs and the memory of an EC2 instance type. */
export interface HostShape {
  readonly type: string;
  readonly cpus: number;
  readonly memoryMiB: number;
}

/** For a type whose shape nobody knows. */
const SMALL = { cpus: 2, memoryMiB: 4096 };
const MIB = 1024 * 1024;

export function shapeOf(catalogue: InstanceCatalogue, type: string): HostShape {
  const shape = catalogue.lookup(type)?.shape;
  return shape ? { type, cpus: shape.vcpus, memoryMiB: shape.memoryMiB } : { type, ...SMALL };
}

/** What Slurm may give to jobs: the system of an instance needs a part of its memory for itself. */
export function memoryForJobs({ memoryMiB }: HostShape): number {
  return Math.max(256, Math.floor(memoryMiB * 0.95));
}

/** What the engine can hold a container of this shape to. */
export function limitsOf(shape: HostShape, machine: EngineMachine): { cpus?: number; memoryBytes?: number } {
  return {
    ...(machine.limitsCpus && shape.cpus < machine.cpus && { cpus: shape.cpus }),
    ...(machine.limitsMemory &&
      shape.memoryMiB * MIB < machine.memoryBytes && { memoryBytes: shape.memoryMiB * MIB }),
  };
}

/** Said where the hosts of a cluster claim more than the machine has, since jobs may be slower than on what was asked for. */
export function pretenceNotice(
  { catalogue, machine }: { readonly catalogue: InstanceCatalogue; readonly machine: EngineMachine },
  parameters: SlurmParameters,
): string | undefined {
  const login = shapeOf(catalogue, parameters.MasterInstanceType);
  const node = shapeOf(catalogue, parameters.ComputeInstanceType);
  const nodes = Number(parameters.ComputeMaxNodes);
  const cpus = login.cpus + nodes * node.cpus;
  const memoryMiB = login.memoryMiB + nodes * node.memoryMiB;
  if (cpus <= machine.cpus && memoryMiB * MIB <= machine.memoryBytes) return undefined;
  return (
    `the login node (${login.type}) and up to ${nodes} compute ${nodes === 1 ? 'node' : 'nodes'} (${node.type}) say that they have ` +
    `${cpus} CPUs and ${gibWords(memoryMiB)} together; in truth all hosts share the ${machine.cpus} CPUs and ` +
    `${gibWords(machine.memoryBytes / MIB)} of this machine, so jobs may be slower than on AWS`
  );
}

function gibWords(mib: number): string {
  return `${Math.round((mib / 1024) * 10) / 10} GiB`;
}

import type { InstanceCatalogue } from '../../core/instance-catalogue.ts';
import type { EngineMachine } from './container-engine.ts';

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

/** Said where hosts claim more than the machine has, since jobs will be slower than on what was asked for. */
export function pretenceNotice(shape: HostShape, machine: EngineMachine): string | undefined {
  const memoryGiB = (mib: number) => `${Math.round((mib / 1024) * 10) / 10} GiB`;
  if (shape.cpus <= machine.cpus && shape.memoryMiB * MIB <= machine.memoryBytes) return undefined;
  return (
    `each compute node says that it has ${shape.cpus} CPUs and ${memoryGiB(shape.memoryMiB)}, as ${shape.type} has; ` +
    `in truth all hosts share the ${machine.cpus} CPUs and ${memoryGiB(machine.memoryBytes / MIB)} of this machine`
  );
}

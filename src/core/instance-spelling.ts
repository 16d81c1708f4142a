import { type InstanceCatalogue, type InstanceShape, shapeText } from './instance-catalogue.ts';

/** What a person wrote for an instance type, taken apart. */
export type InstanceSpelling =
  | { readonly kind: 'type'; readonly type: string }
  /** Alces's `other`: the key ending in Other says which. */
  | { readonly kind: 'other' }
  | { readonly kind: 'unknown'; readonly type: string }
  | { readonly kind: 'wrong-shape'; readonly type: string; readonly real: string };

const SHAPE = /-(?:(\d+)(GPU|FPGA)-)?(\d+)C(?:PU)?-(\d+(?:\.\d+)?)GB\b/i;

/**
 * Reads `r4.large`, `r4.large-2C-15.25GB` and Alces's named sizes such as `compute-2C-3.75GB.small-c4.large`, where the EC2 type
 * comes last. Type names may have hyphens themselves (`u-12tb1.112xlarge`), so it is the catalogue that says where one begins.
 */
export function instanceSpelling(text: string, catalogue: InstanceCatalogue): InstanceSpelling {
  const name = text.trim().toLowerCase();
  if (name === 'other') return { kind: 'other' };
  if (catalogue.lookup(name)) return { kind: 'type', type: name };
  const shape = SHAPE.exec(name);
  if (!shape) return { kind: 'unknown', type: name };
  const before = name.slice(0, shape.index);
  const after = name.slice(shape.index + shape[0].length);
  const type = after === '' ? before : lastType(after, catalogue);
  const known = catalogue.lookup(type);
  if (!known) return { kind: 'unknown', type };
  if (known.shape && !fits(shape, known.shape))
    return { kind: 'wrong-shape', type, real: shapeText(known.shape) };
  return { kind: 'type', type };
}

/** The longest known type that ends a named size, else what follows its last hyphen. */
function lastType(text: string, catalogue: InstanceCatalogue): string {
  for (let at = text.indexOf('-'); at >= 0; at = text.indexOf('-', at + 1))
    if (catalogue.lookup(text.slice(at + 1))) return text.slice(at + 1);
  return text.slice(text.lastIndexOf('-') + 1);
}

/** Published strings round memory, and some mean 10^9 bytes: 8 % covers both and is less than any two sizes of a family differ. */
function fits(stated: RegExpExecArray, shape: InstanceShape): boolean {
  const [, cards, kind, vcpus, memory] = stated;
  const gib = shape.memoryMiB / 1024;
  const gpusFit = kind?.toUpperCase() !== 'GPU' || shape.gpus === 0 || Number(cards) === shape.gpus;
  return gpusFit && Number(vcpus) === shape.vcpus && Math.abs(Number(memory) - gib) <= gib * 0.08;
}

/** EC2 counts vCPUs of running instances by families that share a quota, on demand and spot apart. */
export interface VcpuQuota {
  /** As the console of Service Quotas says it: "Standard (A, C, D, H, I, M, R, T, Z)". */
  readonly families: string;
  readonly onDemand: string;
  /** There is none for machines that are not sold on the spot market. */
  readonly spot?: string;
}

/** First letters of a type's name, up to its generation, and the quota codes: https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-quotas.html */
const STANDARD: VcpuQuota = {
  families: 'Standard (A, C, D, H, I, M, R, T, Z)',
  onDemand: 'L-1216C47A',
  spot: 'L-34B43A08',
};
const OTHERS: readonly (VcpuQuota & { readonly letters: readonly string[] })[] = [
  { families: 'G and VT', letters: ['g', 'gr', 'vt'], onDemand: 'L-DB2E81BA', spot: 'L-3819A6DF' },
  { families: 'P', letters: ['p'], onDemand: 'L-417A185B', spot: 'L-7212CCBC' },
  { families: 'F', letters: ['f'], onDemand: 'L-74FC7D96', spot: 'L-88CF9481' },
  { families: 'X', letters: ['x'], onDemand: 'L-7295265B', spot: 'L-E3A00192' },
  { families: 'Inf', letters: ['inf'], onDemand: 'L-1945791B', spot: 'L-B5D1601B' },
  { families: 'Trn', letters: ['trn'], onDemand: 'L-2C3B7624', spot: 'L-6B0D517C' },
  { families: 'DL', letters: ['dl'], onDemand: 'L-6E869C2A', spot: 'L-85EED4F7' },
  { families: 'HPC', letters: ['hpc'], onDemand: 'L-F7808C92' },
];

/** The quota that instances of this type count against; `undefined` where it is not known. */
export function quotaOf(type: string): VcpuQuota | undefined {
  const letters = /^[a-z]+/.exec(type)?.[0] ?? '';
  const other = OTHERS.find((one) => one.letters.includes(letters));
  // `im4gn` and `is4gen` are storage machines like all that begin with i; `inf` is not.
  return other ?? (/^(?:[acdhimrtz]|im|is)$/.test(letters) ? STANDARD : undefined);
}

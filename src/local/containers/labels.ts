/** On everything that we make in a container engine: so that all of it is found again, and nothing else is ever touched. */
export const LABEL = {
  /** Whose it is: the installation's id. */
  installation: 'clusterdrop.installation',
  /** Id of the stack. */
  stack: 'clusterdrop.stack',
  /** `alice/mycluster`, for people who look. */
  cluster: 'clusterdrop.cluster',
  /** `login`, `node-3`. */
  host: 'clusterdrop.host',
  /** On images: the blueprint that the hosts are of. */
  image: 'clusterdrop.image',
} as const;

export type Labels = Readonly<Record<string, string>>;

/** As the engine filters: every one of them has to be there. */
export function labelFilter(labels: Labels): string {
  return JSON.stringify({ label: Object.entries(labels).map(([key, value]) => `${key}=${value}`) });
}

/** What an installation consists of, in the order in which it is made; it is taken down the other way round. */
export const CONTROL_PARTS = ['base', 'clusters', 'mail', 'engine'] as const;
export type ControlPart = (typeof CONTROL_PARTS)[number];

/** A CloudFormation template in JSON, as far as anybody but CloudFormation needs to know. */
export type Template = Readonly<Record<string, unknown>>;

/** One of the stacks that are the installation itself, as it stands in the account. */
export interface ControlStack {
  readonly part: ControlPart;
  readonly name: string;
  readonly region: string;
  readonly id: string;
  /** CloudFormation's own word. */
  readonly status: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  /** The template that it stands on; an empty one where nothing can be read of it. */
  readonly template: Template;
}

/** Never begins like the stack of a cluster, which the functions may end: `N-...` */
export function controlStackName(name: string, part: ControlPart): string {
  return `control-${name}-${part}`;
}

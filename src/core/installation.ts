/** What every cluster of an installation shares: nothing in it is any cluster's own. */
export interface Network {
  readonly vpc: string;
  /** Public subnets, one in each zone, the preferred one first. */
  readonly subnets: readonly string[];
  /** CIDR from which login nodes may be reached by ssh. */
  readonly sshFrom: string;
  /** ARN of the permissions boundary that every role of a cluster must have, and the path that it must lie below. */
  readonly boundary: string;
  readonly rolePath: string;
}

/** What is true of one installation as a whole: `installation.json` in the administrator's bucket. */
export interface Installation {
  readonly version: 1;
  /** Part of every cluster's identity: two installations in one account never meet. */
  readonly id: string;
  /** Name of the users' bucket. */
  readonly bucket: string;
  /** First part of every stack name. */
  readonly prefix: string;
  /** Whom users may ask: a name, a mail address, whatever the administrator wrote. */
  readonly contact: string;
  /** Mail for the administrator goes there; without it none is sent to them. */
  readonly adminEmail?: string;
  /** The blueprint of a request that names none; `slurm` where this is absent. */
  readonly defaultBlueprint?: string;
  /** Where the stacks of clusters are placed; an installation on one machine has no network. */
  readonly network?: Network;
  /** Clusters here are only pretended: said wherever an address is shown. */
  readonly simulated: boolean;
  /** Clusters are containers on one machine: they compute, and nothing is paid. */
  readonly containers?: boolean;
}

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
  /** Clusters here are only pretended: said wherever an address is shown. */
  readonly simulated: boolean;
}

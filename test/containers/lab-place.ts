/** What a test needs to know of a lab that another process holds. */
export interface LabPlace {
  /** The lab's first process: its namespaces are the lab's. */
  readonly process: number;
  /** Of the container engine. */
  readonly socket: string;
  readonly baseImage: string;
  /** On the same disk. */
  readonly folder: string;
}

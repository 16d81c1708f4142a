import type { ControlPart } from './control-stack.ts';
import type { Addition } from './deployment-record.ts';
import type { PlacedBucket } from './placed-buckets.ts';
import type { ResourceChange } from './template-diff.ts';

export interface ParameterChange {
  readonly name: string;
  readonly from?: string;
  /** Absent: known only when the stack before stands. */
  readonly to?: string;
}

interface OfStack {
  readonly part: ControlPart;
  readonly stack: string;
  readonly region: string;
}

/** One thing that installing would do, as plain data. */
export type DeploymentChange =
  /** A first creation that failed leaves a stack that nothing but deletion can be done with. */
  | ({ readonly kind: 'clear'; readonly status: string } & OfStack)
  | ({
      readonly kind: 'create' | 'update';
      readonly resources: readonly ResourceChange[];
      readonly parameters: readonly ParameterChange[];
      readonly sections: readonly string[];
    } & OfStack)
  | ({ readonly kind: 'remove' } & OfStack)
  | {
      readonly kind: 'bucket';
      readonly bucket: string;
      readonly origin: PlacedBucket['origin'];
      readonly adds: readonly Addition[];
      /** What is left to its owner. */
      readonly advice: readonly string[];
    }
  | { readonly kind: 'upload'; readonly bucket: string; readonly keys: readonly string[] }
  /** `installation.json`, which says that all is whole, or what is remembered. */
  | { readonly kind: 'record'; readonly bucket: string; readonly key: string };

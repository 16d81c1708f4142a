import { MINUTE } from '../src/core/instant.ts';
import type { BlueprintRef } from '../src/engine/ports.ts';
import { StackFolder } from '../src/local/stack-folder.ts';
import { newStackId } from '../src/local/stack-id.ts';
import type { StackRecord } from '../src/local/stack-record.ts';

interface OtherStacks {
  readonly count: number;
  readonly region: string;
  readonly account: string;
  /** Epoch ms: each was made before. */
  readonly before: number;
  readonly blueprint: BlueprintRef;
}

/** Stacks with which we have nothing to do, made long ago and at rest, written straight into the folder of the simulated CloudFormation. */
export function addOtherStacks(
  folder: string,
  { count, region, account, before, blueprint }: OtherStacks,
): void {
  const records = new StackFolder<StackRecord>(folder);
  for (let n = 0; n < count; n++) {
    const name = `other-${n}`;
    records.addSync({
      version: 1,
      id: newStackId(region, account, name),
      name,
      blueprint,
      resources: [],
      outputs: { Url: `https://${name}.example.org` },
      operations: [
        {
          kind: 'create',
          at: before - MINUTE * (n + 1),
          token: name,
          speed: 1,
          parameters: { Stage: 'production' },
          tags: { team: 'others' },
        },
      ],
    });
  }
}

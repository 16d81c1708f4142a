import { ProblemError, problem } from '../../core/problems.ts';
import { readJsonObject } from '../../engine/json-object.ts';
import type { ObjectStore } from '../../engine/ports.ts';
import type { Choices } from './choices.ts';
import { isSame } from './template-diff.ts';

/**
 * What installing must remember and nobody else needs: an object of its own, for it is written before anything is changed,
 * while `installation.json` comes last of all and says that the installation is whole.
 */
export interface DeploymentRecord {
  readonly choices: Partial<Choices>;
  readonly buckets: {
    readonly users: readonly string[];
    readonly admin: string;
    /** Those that we made: the only ones that `admin destroy --delete-data` may delete. */
    readonly own: readonly string[];
  };
  /** What we added to each bucket that is not ours, and will take away again. */
  readonly restore: Readonly<Record<string, readonly Addition[]>>;
  /** Shipped files that were offered once: one that the administrator removed since is not put back. */
  readonly uploaded: readonly string[];
  /** `installation.json` as it was when the installation was taken down: what others wrote into it goes into the next one. */
  readonly lastInstallation?: Readonly<Record<string, unknown>>;
}

export const ADDITIONS = ['versioning', 'event-bridge', 'tag', 'tls-statement'] as const;
export type Addition = (typeof ADDITIONS)[number];

export const DEPLOYMENT_KEY = 'deployment.json';

export interface ReadRecord {
  readonly record: DeploymentRecord;
  readonly version: string;
}

/** `undefined`: nothing was ever installed with this bucket. @throws ProblemError when it cannot be read */
export async function readDeployment(admin: ObjectStore): Promise<ReadRecord | undefined> {
  const object = await readJsonObject(admin, DEPLOYMENT_KEY);
  if (!object) return undefined;
  const { version: _, ...value } = object.value as unknown as { version: 1 } & DeploymentRecord;
  if (!isRecord(value))
    throw new ProblemError(
      problem('unreadable-object', {
        key: DEPLOYMENT_KEY,
        found: '"choices", "buckets", "restore" and "uploaded" must be there',
      }),
    );
  return { record: value, version: object.version };
}

/** Writes what differs. @throws ProblemError `deployed-meanwhile` when somebody else has written since `before` was read */
export async function writeDeployment(
  admin: ObjectStore,
  record: DeploymentRecord,
  before: ReadRecord | undefined,
): Promise<ReadRecord> {
  if (before && isSame(before.record, record)) return before;
  const text = `${JSON.stringify({ version: 1, ...record }, null, 2)}\n`;
  const written = await admin.put(
    DEPLOYMENT_KEY,
    text,
    before ? { ifVersion: before.version } : { ifAbsent: true },
  );
  if (!written) throw new ProblemError(problem('deployed-meanwhile', { bucket: admin.bucket }));
  return { record, version: written.version };
}

function isRecord(value: DeploymentRecord): boolean {
  const { choices, buckets, restore, uploaded } = value as Partial<DeploymentRecord>;
  const isTexts = (list: unknown) =>
    Array.isArray(list) && list.every((one) => typeof one === 'string' && one !== '');
  return (
    [choices, buckets, restore].every((one) => typeof one === 'object' && one !== null) &&
    isTexts(uploaded) &&
    isTexts(buckets?.users) &&
    isTexts(buckets?.own) &&
    typeof buckets?.admin === 'string' &&
    Object.values(restore ?? {}).every(isTexts)
  );
}

import { ProblemError, problem } from '../../core/problems.ts';
import { CONTROL_TAG } from '../../core/tag-names.ts';
import { INSTALLATION_KEY } from '../../engine/installations.ts';
import { installationId } from './account-place.ts';
import { bucketNeeds } from './bucket-needs.ts';
import { type BucketSight, seeBucket } from './bucket-sight.ts';
import type { ControlPart, ControlStack } from './control-stack.ts';
import { type DeploymentRecord, type ReadRecord, writeDeployment } from './deployment-record.ts';
import type { Installed } from './deployment-state.ts';
import type { DeploymentOrder, DeploymentView } from './deployment-view.ts';
import { followStack } from './follow-stack.ts';
import type { Patience } from './install-progress.ts';
import { installationDocument } from './installation-document.ts';
import {
  isMissing,
  isStillborn,
  regionOf,
  stackAt,
  stackChanges,
  unwantedStacks,
  wantedRecord,
} from './plan-deployment.ts';
import { prepareBucket } from './prepare-bucket.ts';
import { stackParameters } from './stack-parameters.ts';
import { isSame } from './template-diff.ts';
import { templateSource } from './template-source.ts';

/** Carries out one deployment, step by step, each judged again by what the steps before have made. */
export class Installer {
  readonly #order: DeploymentOrder;
  readonly #view: DeploymentView;
  readonly #patience: Patience;
  #installed: Installed;
  #record: ReadRecord | undefined;

  constructor(order: DeploymentOrder, view: DeploymentView, patience: Patience) {
    this.#order = order;
    this.#view = view;
    this.#patience = patience;
    this.#installed = view.installed;
    this.#record = view.record;
  }

  /** Buckets first, for all the rest lies in them; `installation.json` last, for whoever finds it relies on all the rest. */
  async install(): Promise<Readonly<Record<string, unknown>>> {
    await this.#stack('base');
    await this.#buckets();
    await this.#stack('clusters');
    await this.#stack('mail');
    await this.#uploads();
    await this.#stack('engine');
    await this.#unwanted();
    await this.#remember((record) => record);
    return this.#installation();
  }

  async #stack(part: ControlPart): Promise<void> {
    const { wanted, stacks } = this.#view;
    const region = regionOf(part, wanted);
    const changes = stackChanges(part, this.#installed, wanted);
    if (region === undefined || changes.length === 0) return;
    const before = stackAt(this.#installed.stacks, part, region);
    if (before && isStillborn(before)) await this.#remove(before);
    const base = stackAt(this.#installed.stacks, 'base', wanted.place.region);
    const template = wanted.templates[part];
    const parameters = stackParameters(part, template, { ...wanted, base: base?.outputs });
    const order = {
      part,
      region,
      template: await templateSource(template, this.#view),
      parameters: demandKnown(parameters, part),
      tags: { [CONTROL_TAG]: installationId(wanted.place) },
    };
    const isNew = changes.some(({ kind }) => kind === 'create');
    this.#say(`${isNew ? 'Making' : 'Changing'} the stack control-${wanted.place.name}-${part} in ${region}`);
    const operation = isNew ? await stacks.create(order) : await stacks.update(order);
    if (operation) await followStack(operation, this.#patience);
    this.#seen(await stacks.describe(part, region), { part, region });
  }

  async #buckets(): Promise<void> {
    const { wanted, s3, admin } = this.#view;
    const { place, buckets } = wanted;
    const all = [
      { ...buckets.admin, role: 'admin' as const },
      ...buckets.users.map((one) => ({ ...one, role: 'users' as const })),
    ];
    const sights = new Map<string, BucketSight>();
    for (const { name } of all) sights.set(name, await seeBucket(s3, name, place));
    this.#installed = { ...this.#installed, buckets: sights };
    const work = (bucket: string) => ({ s3, place, bucket, adminBucket: admin.bucket });
    const adds = all.map((one) => {
      const sight = sights.get(one.name);
      if (sight?.kind !== 'here') throw new ProblemError(problem('bucket-missing', { bucket: one.name }));
      return { ...one, adds: bucketNeeds(sight, one.role, admin.bucket) };
    });
    // Before anything else: what is remembered must not be lost either, and it says how to undo all that follows.
    const [books] = adds;
    if (books?.adds.includes('versioning')) await prepareBucket(work(books.name), ['versioning']);
    await this.#remember((record) => ({ ...record, uploaded: this.#record?.record.uploaded ?? [] }));
    for (const one of adds)
      if (one.adds.length > 0) {
        this.#say(`Preparing the bucket ${one.name}`);
        await prepareBucket(work(one.name), one.adds);
      }
  }

  async #uploads(): Promise<void> {
    const { admin } = this.#view;
    const { code, shipped } = this.#order;
    const missing = [code, ...shipped].filter(({ key }) => isMissing(key, this.#installed));
    if (missing.length > 0) this.#say(`Copying ${missing.length} files to ${admin.bucket}`);
    for (const { key, put } of missing) {
      this.#patience.progress.now(key);
      await put(admin);
    }
  }

  async #unwanted(): Promise<void> {
    for (const { part, region } of unwantedStacks(this.#installed, this.#view.wanted)) {
      const stack = stackAt(this.#installed.stacks, part, region);
      if (stack) await this.#remove(stack);
    }
  }

  async #remove(stack: ControlStack): Promise<void> {
    this.#say(`Removing the stack ${stack.name} in ${stack.region} (${stack.status})`);
    await followStack(await this.#view.stacks.remove(stack), this.#patience);
    this.#seen(undefined, stack);
  }

  /** Writes what is remembered, where it differs. */
  async #remember(as: (record: DeploymentRecord) => DeploymentRecord): Promise<void> {
    const record = as(wantedRecord(this.#installed, this.#view.wanted));
    this.#record = await writeDeployment(this.#view.admin, record, this.#record);
    this.#installed = { ...this.#installed, record };
  }

  async #installation(): Promise<Readonly<Record<string, unknown>>> {
    const { admin, wanted, installation: before } = this.#view;
    const document = installationDocument(this.#installed, wanted);
    if (isSame(before?.value, document)) return document;
    const text = `${JSON.stringify(document, null, 2)}\n`;
    const condition = before ? { ifVersion: before.version } : { ifAbsent: true as const };
    if (!(await admin.put(INSTALLATION_KEY, text, condition)))
      throw new ProblemError(problem('deployed-meanwhile', { bucket: admin.bucket }));
    return document;
  }

  #seen(stack: ControlStack | undefined, { part, region }: Pick<ControlStack, 'part' | 'region'>): void {
    const others = this.#installed.stacks.filter((one) => one.part !== part || one.region !== region);
    this.#installed = { ...this.#installed, stacks: stack ? [...others, stack] : others };
  }

  #say(text: string): void {
    this.#patience.progress.say(text);
  }
}

/** @throws where a template does not keep what the next one needs: a fault of the package */
function demandKnown(
  parameters: Readonly<Record<string, string | undefined>>,
  part: ControlPart,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => {
      if (value === undefined) throw new Error(`no stack answers what ${part} needs as ${name}`);
      return [name, value];
    }),
  );
}

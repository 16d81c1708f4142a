import { stackStateOf } from '../../core/stack-status.ts';
import { INSTALLATION_KEY } from '../../engine/installations.ts';
import type { AccountPlace } from './account-place.ts';
import { bucketAdvice, bucketNeeds } from './bucket-needs.ts';
import {
  CONTROL_PARTS,
  type ControlPart,
  type ControlStack,
  controlStackName,
  type Template,
} from './control-stack.ts';
import type { DeploymentChange, ParameterChange } from './deployment-change.ts';
import { DEPLOYMENT_KEY, type DeploymentRecord } from './deployment-record.ts';
import type { Installed, Wanted } from './deployment-state.ts';
import { installationDocument } from './installation-document.ts';
import type { PlacedBucket } from './placed-buckets.ts';
import { type Parameters, stackParameters } from './stack-parameters.ts';
import { standingTemplate } from './standing-resources.ts';
import { isSame, templateDiff } from './template-diff.ts';

/** Everything that must change so that `installed` becomes `wanted`, in the order in which it is done. Nothing: it is installed. */
export function planDeployment(installed: Installed, wanted: Wanted): DeploymentChange[] {
  const { admin, users } = wanted.buckets;
  const stacks = (part: ControlPart) => stackChanges(part, installed, wanted);
  const uploads = wanted.uploads.filter((key) => isMissing(key, installed));
  const changes: DeploymentChange[] = [
    ...stacks('base'),
    ...users.flatMap((one) => bucketChanges(one, 'users', installed, wanted)),
    ...bucketChanges(admin, 'admin', installed, wanted),
    ...stacks('clusters'),
    ...stacks('mail'),
    ...(uploads.length > 0 ? [{ kind: 'upload' as const, bucket: admin.name, keys: uploads }] : []),
    ...stacks('engine'),
    ...unwantedStacks(installed, wanted),
  ];
  const record = (key: string): DeploymentChange => ({ kind: 'record', bucket: admin.name, key });
  // What a stack that is still to come will answer is not known yet.
  const isOpen = changes.some(({ kind }) => kind === 'create');
  if (!isSame(installed.record, wantedRecord(installed, wanted))) changes.push(record(DEPLOYMENT_KEY));
  if (isOpen || !isSame(installed.installation, installationDocument(installed, wanted)))
    changes.push(record(INSTALLATION_KEY));
  return changes;
}

/** A shipped file that was put there once and is gone was taken away by the administrator. The code is needed in any case. */
export function isMissing(key: string, { objects, record }: Pick<Installed, 'objects' | 'record'>): boolean {
  return !objects.has(key) && (key.startsWith('code/') || record?.uploaded.includes(key) !== true);
}

/** What is remembered when all is done. */
export function wantedRecord({ record, buckets }: Installed, wanted: Wanted): DeploymentRecord {
  const { users, admin } = wanted.buckets;
  const own = [...users, admin].filter(({ origin }) => origin !== 'existing').map(({ name }) => name);
  const restore: Record<string, DeploymentRecord['restore'][string]> = {};
  for (const [bucket, role] of [...users.map((one) => [one, 'users'] as const), [admin, 'admin'] as const]) {
    const sight = buckets.get(bucket.name);
    if (bucket.origin !== 'existing' || sight?.kind !== 'here') continue;
    const added = new Set([...(record?.restore[bucket.name] ?? []), ...bucketNeeds(sight, role, admin.name)]);
    restore[bucket.name] = [...added].toSorted();
  }
  const shipped = wanted.uploads.filter((key) => !key.startsWith('code/'));
  return {
    choices: wanted.choices,
    buckets: { users: users.map(({ name }) => name), admin: admin.name, own },
    restore,
    uploaded: [...new Set([...(record?.uploaded ?? []), ...shipped])].toSorted(),
    ...(record?.lastInstallation && { lastInstallation: record.lastInstallation }),
  };
}

/** Where a control stack is to stand; `undefined`: it is not wanted. */
export function regionOf(
  part: ControlPart,
  { place, choices, makesMailIdentity }: Wanted,
): string | undefined {
  if (part === 'clusters') return choices.clustersRegion;
  if (part === 'mail') return makesMailIdentity ? choices.mail?.region : undefined;
  return place.region;
}

export function stackAt(
  stacks: readonly ControlStack[],
  part: ControlPart,
  region: string | undefined,
): ControlStack | undefined {
  return stacks.find((one) => one.part === part && one.region === region);
}

export function isStillborn({ status }: Pick<ControlStack, 'status'>): boolean {
  return stackStateOf(status) === 'stillborn';
}

/** @returns none, an update, a creation, or a clearing and a creation */
export function stackChanges(part: ControlPart, installed: Installed, wanted: Wanted): DeploymentChange[] {
  const region = regionOf(part, wanted);
  if (region === undefined) return [];
  const stack = stackAt(installed.stacks, part, region);
  const base = stackAt(installed.stacks, 'base', wanted.place.region);
  const template = wanted.templates[part];
  const outputs = base && !isStillborn(base) ? base.outputs : undefined;
  const parameters = stackParameters(part, template, { ...wanted, base: outputs });
  const of = { part, stack: controlStackName(wanted.place.name, part), region };
  const standing = (one: Template, values: Parameters) =>
    standingTemplate(one, { ...pseudoParameters(wanted.place, region), ...values });
  const after = standing(template, parameters);
  if (!stack || isStillborn(stack))
    return [
      ...(stack ? [{ kind: 'clear' as const, ...of, status: stack.status }] : []),
      { kind: 'create', ...of, ...templateDiff({}, after), parameters: parameterChanges({}, parameters) },
    ];
  const diff = templateDiff(standing(stack.template, stack.parameters), after);
  const changed = parameterChanges(stack.parameters, parameters);
  if (diff.resources.length + diff.sections.length + changed.length === 0) return [];
  return [{ kind: 'update', ...of, ...diff, parameters: changed }];
}

/** Those that conditions look at. */
function pseudoParameters({ account, partition }: AccountPlace, region: string): Parameters {
  return { 'AWS::Region': region, 'AWS::AccountId': account, 'AWS::Partition': partition };
}

function parameterChanges(from: Readonly<Record<string, string>>, to: Parameters): ParameterChange[] {
  return Object.entries(to).flatMap(([name, value]): ParameterChange[] => {
    const before = from[name];
    if (value === before && value !== undefined) return [];
    return [
      { name, ...(before !== undefined && { from: before }), ...(value !== undefined && { to: value }) },
    ];
  });
}

/** Mail that is no longer wanted, or has moved: what was registered for it goes. */
export function unwantedStacks(
  { stacks }: Pick<Installed, 'stacks'>,
  wanted: Wanted,
): Extract<DeploymentChange, { kind: 'remove' }>[] {
  return CONTROL_PARTS.flatMap((part) =>
    stacks
      .filter((one) => one.part === part && one.region !== regionOf(part, wanted))
      .map(({ name, region }) => ({ kind: 'remove' as const, part, stack: name, region })),
  );
}

function bucketChanges(
  { name, origin }: PlacedBucket,
  role: 'users' | 'admin',
  { buckets }: Installed,
  { buckets: placed }: Wanted,
): DeploymentChange[] {
  const sight = buckets.get(name);
  if (sight?.kind !== 'here') return [];
  const adds = bucketNeeds(sight, role, placed.admin.name);
  const advice = origin === 'existing' ? bucketAdvice(sight) : [];
  return adds.length === 0 ? [] : [{ kind: 'bucket', bucket: name, origin, adds, advice }];
}

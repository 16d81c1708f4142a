import type { BlueprintResource } from '../core/blueprint.ts';

/**
 * CloudFormation's own complaint about resources that wait for each other or for something that is not there; `undefined` when they
 * can be put in order. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html
 */
export function templateFault(resources: readonly BlueprintResource[]): string | undefined {
  const known = new Set(resources.map((resource) => resource.logicalId));
  const unresolved = resources.flatMap((r) => r.after ?? []).filter((id) => !known.has(id));
  if (unresolved.length > 0)
    return `Template format error: Unresolved resource dependencies [${[...new Set(unresolved)].join(', ')}] in the Resources block of the template`;
  const ordered = new Set(inOrder(resources).map((resource) => resource.logicalId));
  const circular = resources.filter((resource) => !ordered.has(resource.logicalId));
  if (circular.length === 0) return undefined;
  return `Circular dependency between resources: [${circular.map((r) => r.logicalId).join(', ')}]`;
}

/** Those resources that can be put in order, each after everything it waits for. */
export function inOrder(resources: readonly BlueprintResource[]): readonly BlueprintResource[] {
  const done = new Set<string>();
  const ordered: BlueprintResource[] = [];
  let waiting = [...resources];
  for (;;) {
    const ready = waiting.filter((resource) => (resource.after ?? []).every((id) => done.has(id)));
    if (ready.length === 0) return ordered;
    for (const resource of ready) done.add(resource.logicalId);
    ordered.push(...ready);
    waiting = waiting.filter((resource) => !done.has(resource.logicalId));
  }
}

/** Resources that may go once nothing that waits for them is left: the same edges, turned round. */
export function reversed(resources: readonly BlueprintResource[]): readonly BlueprintResource[] {
  return resources.map((resource) => ({
    ...resource,
    after: resources
      .filter((other) => (other.after ?? []).includes(resource.logicalId))
      .map((other) => other.logicalId),
  }));
}

/** `only`, each waiting for those of `only` that it needs directly or through resources that are left out. */
export function restricted(
  resources: readonly BlueprintResource[],
  only: ReadonlySet<string>,
): readonly BlueprintResource[] {
  const needs = new Map<string, ReadonlySet<string>>();
  for (const resource of inOrder(resources)) {
    const through = (resource.after ?? []).flatMap((id) =>
      only.has(id) ? [id] : [...(needs.get(id) ?? [])],
    );
    needs.set(resource.logicalId, new Set(through));
  }
  return inOrder(resources)
    .filter((resource) => only.has(resource.logicalId))
    .map((resource) => ({ ...resource, after: [...(needs.get(resource.logicalId) ?? [])] }));
}

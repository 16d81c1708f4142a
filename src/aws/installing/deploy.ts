import type { ControlStack } from './control-stack.ts';
import type { DeploymentChange } from './deployment-change.ts';
import { type DeploymentOrder, type DeploymentView, viewDeployment } from './deployment-view.ts';
import { settled } from './follow-stack.ts';
import type { Patience } from './install-progress.ts';
import { Installer } from './installer.ts';
import { planDeployment } from './plan-deployment.ts';

/** What installing comes to, before anything is changed. */
export interface PlannedDeployment {
  readonly view: DeploymentView;
  readonly changes: readonly DeploymentChange[];
  /** Control stacks that somebody else is changing at this moment: what is shown may be out of date soon. */
  readonly busy: readonly ControlStack[];
}

/** Looks at the account and says what would change. Makes no call that writes. */
export async function planned(order: DeploymentOrder): Promise<PlannedDeployment> {
  const view = await viewDeployment(order);
  const { installed, wanted } = view;
  return { view, changes: planDeployment(installed, wanted), busy: installed.stacks.filter(isBusy) };
}

/** The same, once nothing is under way any more, such as what an interrupted run began. */
export async function plannedAtRest(order: DeploymentOrder, patience: Patience): Promise<PlannedDeployment> {
  for (;;) {
    const plan = await planned(order);
    if (plan.busy.length === 0) return plan;
    for (const { id, name, region } of plan.busy) {
      patience.progress.say(`${name} in ${region} is being changed already; waiting for that to end.`);
      await settled({ client: plan.view.stacks.in(region), id, stack: name }, patience);
    }
  }
}

/**
 * Carries a plan out. It may be cut short anywhere: the next run finds what is there and does the rest.
 * @returns `installation.json`
 */
export async function carryOut(
  order: DeploymentOrder,
  { view }: PlannedDeployment,
  patience: Patience,
): Promise<Readonly<Record<string, unknown>>> {
  return new Installer(order, view, patience).install();
}

function isBusy({ status }: ControlStack): boolean {
  return status.endsWith('_IN_PROGRESS') && status !== 'REVIEW_IN_PROGRESS';
}

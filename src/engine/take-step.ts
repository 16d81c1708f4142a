import type { LivingStack } from '../core/observed.ts';
import { adopt } from './steps/adopt.ts';
import { deliver, discardDelete, finish, forget, refuse } from './steps/answer.ts';
import { beginStack } from './steps/begin-stack.ts';
import { acceptWithoutStack, changeStack } from './steps/change-stack.ts';
import {
  confirm,
  foldUpdate,
  noteEnded,
  noteFailed,
  noteReady,
  noteStuck,
  noteUpdateFailed,
  warn,
} from './steps/keep-books.ts';
import type { StepContext, StepOutcome } from './steps/step-context.ts';
import { release, takeDown } from './steps/take-down.ts';

/** Carries out the one step that was decided. */
export async function takeStep(context: StepContext): Promise<StepOutcome> {
  const { step, again } = context.decision;
  const { stack } = context.sight.observed;
  const unchanged: StepOutcome = again === undefined ? {} : { again };
  // Some steps are only ever decided for a stack of ours.
  const withStack = async (act: (living: LivingStack) => Promise<StepOutcome>): Promise<StepOutcome> =>
    stack.kind === 'absent' || stack.kind === 'foreign' ? unchanged : act(stack);
  switch (step.kind) {
    case 'rest':
      return unchanged;
    case 'start':
      return beginStack(context, step.create);
    case 'accept':
      return acceptWithoutStack(context, step.create);
    case 'refuse':
      return refuse(context, step.problems, step.file);
    case 'discard-delete':
      return discardDelete(context);
    case 'finish':
      return finish(context, step.consumeCreate);
    case 'forget':
      return forget(context);
    case 'release':
      return release(context);
    case 'warn':
      return warn(context, step.warning);
    case 'note-ended':
      return noteEnded(context);
    case 'note-failed':
      return noteFailed(context, step.problems);
    case 'note-update-failed':
      return noteUpdateFailed(context, step.problems);
    case 'fold-update':
      return foldUpdate(context);
    case 'adopt':
      return withStack((living) => adopt(context, living));
    case 'confirm':
      return withStack((living) => confirm(context, living));
    case 'note-ready':
      return withStack((living) => noteReady(context, living));
    case 'note-stuck':
      return withStack((living) => noteStuck(context, living));
    case 'deliver':
      return withStack(async ({ address }) =>
        address === undefined ? unchanged : deliver(context, address),
      );
    case 'update':
      return withStack((living) => changeStack(context, living, step.create));
    case 'remove-stack':
      return withStack((living) => takeDown(context, living, step.ending));
  }
}

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
  switch (step.kind) {
    case 'rest':
      return unchanged;
    case 'start':
      return beginStack(context, step.create);
    case 'accept':
      return acceptWithoutStack(context, step.create, step.plan);
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
    default:
      break;
  }
  // The remaining steps are decided for a stack of ours only.
  if (stack.kind === 'absent' || stack.kind === 'foreign') return unchanged;
  switch (step.kind) {
    case 'adopt':
      return adopt(context, stack);
    case 'confirm':
      return confirm(context, stack);
    case 'note-ready':
      return noteReady(context, stack);
    case 'note-stuck':
      return noteStuck(context, stack);
    case 'deliver':
      return stack.address === undefined ? unchanged : deliver(context, stack.address);
    case 'update':
      return changeStack(context, stack, step.create);
    case 'remove-stack':
      return takeDown(context, stack, step.ending);
  }
}

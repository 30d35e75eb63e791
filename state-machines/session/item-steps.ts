/** Where in the steps of its item a visit stands, and where a step leads from there. */
import type { Step, StepKind, StepOfKind } from '../services/define-service.ts';
import { noAnswers } from '../services/define-service.ts';
import type { StepInput, StepOutput } from '../steps/step.ts';
import type { SessionContext } from './context.ts';

/** The step at hand; null where there is no item, or it is done. */
export function currentStep({ item, stepIndex }: SessionContext): Step | null {
  return item?.steps[stepIndex] ?? null;
}

/** Whether the step at hand is one in which a visitor says something (`ask-step.ts`). */
export function isAskStep(context: SessionContext): boolean {
  const step = currentStep(context);
  if (step === null) return false;
  if (step.kind === 'review') return step.paper === undefined;
  return ['form', 'choose', 'read', 'sign', 'result'].includes(step.kind);
}

/** Input of the step at hand; the guards have made sure of its kind. */
export function inputOf<K extends StepKind>(context: SessionContext, ...kinds: K[]): StepInput<K> {
  const step = currentStep(context);
  if (step === null || context.item === null || !kinds.includes(step.kind as K)) {
    throw new Error(`no step of kind ${kinds.join(', ')} at hand`);
  }
  const { visit, login, answers, item, environment } = context;
  // What asks for nobody's name is told none.
  const byCard = item.identity === 'none' ? null : context.byCard;
  const { devices, line } = environment;
  return { step: step as StepOfKind<K>, service: item, visit, login, byCard, answers, devices, line };
}

/** What a visit knows behind a step that ended like this. */
export function afterStep(context: SessionContext, output: StepOutput): Partial<SessionContext> {
  switch (output.go) {
    case 'on':
      return { answers: { ...context.answers, ...output.answers }, stepIndex: context.stepIndex + 1 };
    case 'finish':
      return { answers: { ...context.answers, ...output.answers }, stepIndex: context.item?.steps.length ?? 0 };
    case 'back':
      return isUndoable(context) ? { stepIndex: context.stepIndex - 1 } : { wayOut: 'facts' };
    case 'restart':
      return { answers: noAnswers, stepIndex: 0 };
    case 'home':
    case 'leave':
      return { wayOut: output.go };
  }
}

/** Whether the step before can be gone back to: what was carried out cannot. */
function isUndoable(context: SessionContext): boolean {
  const before = context.item?.steps[context.stepIndex - 1];
  return before !== undefined && before.kind !== 'submit' && before.kind !== 'print' && before.kind !== 'scan';
}

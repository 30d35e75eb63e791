/**
 * Whether somebody still stands there. Warns before it ends a visit, 20 s ahead as delivered; a touch extends it. Rests while the
 * machine itself is at work.
 */
import { sendParent, setup } from 'xstate';

/** Warned `warningMs` before the end; the visitor may extend as often as they like. */
export type AttendanceTimes = { idleMs: number; warningMs: number };

type AttendanceEvent = { type: 'seen' } | { type: 'rest' } | { type: 'resume' };
/** What attendance tells the session. */
export type AttendanceReport = { type: 'attendance.warning'; endsAtMs: number } | { type: 'attendance.gone' };

/** The machine of attendance. */
export function createAttendance(nowMs: () => number) {
  return setup({
    types: { context: {} as AttendanceTimes, input: {} as AttendanceTimes, events: {} as AttendanceEvent },
    delays: { idle: ({ context }) => context.idleMs, warning: ({ context }) => context.warningMs },
    actions: {
      warn: sendParent(({ context }) => ({ type: 'attendance.warning', endsAtMs: nowMs() + context.warningMs })),
      tellGone: sendParent({ type: 'attendance.gone' }),
    },
  }).createMachine({
    id: 'attendance',
    context: ({ input }) => input,
    initial: 'attended',
    on: { rest: '.resting' },
    states: {
      attended: {
        after: { idle: 'warned' },
        on: { seen: { target: 'attended', reenter: true } },
      },
      warned: {
        entry: 'warn',
        after: { warning: 'gone' },
        on: { seen: 'attended' },
      },
      resting: { on: { resume: 'attended', rest: {} } },
      // What comes of it is the visit's to say.
      gone: { entry: 'tellGone', on: { rest: {} } },
    },
  });
}

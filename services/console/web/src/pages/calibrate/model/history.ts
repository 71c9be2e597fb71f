// Undo and redo over immutable states. Changes that carry the same mark in a row (a drag, typing in one
// field) count as one step.

export interface History<T> {
  past: readonly T[];
  present: T;
  future: readonly T[];
  mark: string | null;
}

const STEPS_MAX = 200;

export function begin<T>(present: T): History<T> {
  return { past: [], present, future: [], mark: null };
}

/** The next state. `mark` names the gesture it belongs to; null stands alone. */
export function step<T>(history: History<T>, next: T, mark: string | null = null): History<T> {
  if (Object.is(next, history.present)) return history;
  if (mark !== null && mark === history.mark) return { ...history, present: next, future: [] };
  const past = [...history.past, history.present].slice(-STEPS_MAX);
  return { past, present: next, future: [], mark };
}

/** Ends a gesture: the next change is a step of its own even with the same mark. */
export function settle<T>(history: History<T>): History<T> {
  return history.mark === null ? history : { ...history, mark: null };
}

export function undo<T>(history: History<T>): History<T> {
  const before = history.past[history.past.length - 1];
  if (before === undefined) return history;
  return {
    past: history.past.slice(0, -1),
    present: before,
    future: [history.present, ...history.future],
    mark: null,
  };
}

export function redo<T>(history: History<T>): History<T> {
  const [after, ...rest] = history.future;
  if (after === undefined) return history;
  return { past: [...history.past, history.present], present: after, future: rest, mark: null };
}

export const canUndo = <T>(history: History<T>): boolean => history.past.length > 0;
export const canRedo = <T>(history: History<T>): boolean => history.future.length > 0;

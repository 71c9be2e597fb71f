/** Histories of signal groups as bands over a span of time. */
import type { SignalHistory, SignalState } from "@/api/shapes";

export interface Band {
  /** Milliseconds. */
  from: number;
  to: number;
  state: SignalState;
}

const STATES = new Set(["red", "yellow", "green"]);

/** Bands without holes from `from` to `to`; before the first record the state is not known. */
export function bands(group: SignalHistory, from: number, to: number): Band[] {
  const made: Band[] = [];
  let at = from;
  let state: SignalState = "unknown";
  for (const change of group.history) {
    const time = Date.parse(change.time);
    const next = (STATES.has(change.state) ? change.state : "unknown") as SignalState;
    if (time > to) break;
    if (time > at) {
      made.push({ from: at, to: time, state });
      at = time;
    }
    state = next;
  }
  if (at < to) made.push({ from: at, to, state });
  return made;
}

const STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600];

/** Round instants in the span, four to eight of them. */
export function ticks(from: number, to: number): number[] {
  const span = (to - from) / 1000;
  const step = (STEPS_S.find((one) => span / one <= 6) ?? 600) * 1000;
  const made: number[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to && made.length < 50; at += step)
    made.push(at);
  return made;
}

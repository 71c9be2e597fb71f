// Frames of a clip by number: when each was taken, when the film shows it, where to seek for it.

import { micros } from "./instants";

export interface FrameIndex {
  /** Capture instants, microseconds since 1970, rising. */
  taken: number[];
  /** Seconds of the film at which each is shown, rising. */
  shown: number[];
  /** Whether the film's own tables say when; else it is what the capture instants come to. */
  exact: boolean;
}

/**
 * The index of a package's `clip-frames.json` beside the film's own sample times (see `mp4.ts`).
 * None where the list is empty, damaged or not in order.
 */
export function frameIndex(listed: unknown, sampleSeconds: number[] | null): FrameIndex | null {
  const frames = (listed as { frames?: unknown } | null)?.frames;
  if (!Array.isArray(frames) || frames.length === 0) return null;
  const taken: number[] = [];
  for (const text of frames) {
    const at = typeof text === "string" ? micros(text) : null;
    if (at === null || at <= (taken.at(-1) ?? Number.NEGATIVE_INFINITY)) return null;
    taken.push(at);
  }
  if (sampleSeconds?.length === taken.length) return { taken, shown: sampleSeconds, exact: true };
  const first = taken[0] ?? 0;
  return { taken, shown: taken.map((at) => (at - first) / 1e6), exact: false };
}

/** The frame that the film shows at this second. */
export function frameAt(index: FrameIndex, seconds: number): number {
  // Players round: half a millisecond early is still this frame.
  return Math.max(0, lastNotAfter(index.shown, seconds + 0.0005));
}

/** Where to seek so that the film shows this frame: in its middle, so that rounding cannot miss it. */
export function seekSeconds(index: FrameIndex, frame: number): number {
  const here = index.shown[frame] ?? 0;
  const next = index.shown[frame + 1];
  const before = index.shown[frame - 1];
  const span = next !== undefined ? next - here : before !== undefined ? here - before : 0.04;
  return here + Math.min(span / 2, 0.02);
}

/** The frame that was taken nearest to an instant. */
export function nearestFrame(index: FrameIndex, us: number): number {
  const below = Math.max(0, lastNotAfter(index.taken, us));
  const a = index.taken[below];
  const b = index.taken[below + 1];
  if (a === undefined || b === undefined) return below;
  return Math.abs(b - us) < Math.abs(us - a) ? below + 1 : below;
}

/** The next (1) or previous (-1) of these instants from a frame on; the frame itself where there is none. */
export function jump(index: FrameIndex, frame: number, moments: number[], way: 1 | -1): number {
  const stops = [...new Set(moments.map((us) => nearestFrame(index, us)))].sort((a, b) => a - b);
  const there =
    way === 1 ? stops.find((stop) => stop > frame) : stops.findLast((stop) => stop < frame);
  return there ?? frame;
}

export function clampFrame(index: FrameIndex, frame: number): number {
  return Math.min(Math.max(frame, 0), index.taken.length - 1);
}

function lastNotAfter(rising: number[], value: number): number {
  let low = 0;
  let high = rising.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rising[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

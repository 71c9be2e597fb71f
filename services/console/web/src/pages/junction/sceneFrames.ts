/** Finding the frame of an instant in a recorded scene. */
import type { EventScene, TrackShape } from "@/api/shapes";

export interface Frames {
  /** Capture instants, milliseconds, rising. */
  times: number[];
  tracks: (readonly TrackShape[])[];
  gaps: (string | undefined)[];
}

export function framesOf(scene: EventScene): Frames {
  return {
    times: scene.frames.map((frame) => Date.parse(frame.time)),
    tracks: scene.frames.map((frame) => frame.tracks),
    gaps: scene.frames.map((frame) => frame.gap ?? undefined),
  };
}

/** Index of the last frame at or before an instant; -1 before the first. */
export function frameAt(times: readonly number[], at: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

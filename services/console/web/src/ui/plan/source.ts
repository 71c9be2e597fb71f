/** Tracks that change several times a second, for what draws them without React. */
import type { TrackShape, TracksShape } from "@/api/shapes";

export interface TrackSource {
  /** What is to be drawn now. */
  get: () => readonly TrackShape[];
  /** Calls back when that has changed. */
  listen: (listener: () => void) => () => void;
}

/** Instants kept of each camera: at five a second, six seconds. */
const KEPT = 30;

/** The newest tracks of one junction, by camera, and those of the last seconds. */
export class LatestTracks {
  #cameras = new Map<string, TracksShape[]>();
  #listeners = new Set<() => void>();

  put(tracks: TracksShape): void {
    const list = this.#cameras.get(tracks.camera) ?? [];
    // What comes late (a snapshot behind the stream) does not turn the picture back.
    const last = list.at(-1);
    if (last && last.time >= tracks.time) return;
    list.push(tracks);
    if (list.length > KEPT) list.shift();
    this.#cameras.set(tracks.camera, list);
    for (const listener of this.#listeners) listener();
  }

  newest(camera: string): TracksShape | undefined {
    return this.#cameras.get(camera)?.at(-1);
  }

  /** Those of the instant nearest to `time` (RFC 3339): they belong to the picture of that time. */
  near(camera: string, time: string | undefined): TracksShape | undefined {
    const list = this.#cameras.get(camera) ?? [];
    if (time === undefined) return list.at(-1);
    const wanted = Date.parse(time);
    let best: TracksShape | undefined;
    for (const one of list) {
      const closer =
        !best ||
        Math.abs(Date.parse(one.time) - wanted) <= Math.abs(Date.parse(best.time) - wanted);
      if (closer) best = one;
    }
    return best;
  }

  listen = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Of one camera: two that see the same vehicle would show it twice. */
  source(camera: string): TrackSource {
    return { get: () => this.newest(camera)?.tracks ?? [], listen: this.listen };
  }
}

/** A list that does not change by itself, as a source. */
export function fixed(tracks: readonly TrackShape[]): TrackSource {
  return { get: () => tracks, listen: () => () => undefined };
}

// What belongs to a case and takes a moment to come: its details, stills, clip, track, plan and what its
// plate may say. Loaded while the case before is still on the desk, and let go with the claim.

import type { DeskApi } from "./api";
import { backoff } from "./backoff";
import { type Derivations, derivations } from "./derivations";
import { type Failure, failureOf, passes } from "./failure";
import { type FrameIndex, frameIndex } from "./frames";
import { frameSeconds } from "./mp4";
import {
  type Manifest,
  manifestOf,
  type Plan,
  planOf,
  type TrackState,
  trackStates,
} from "./package";
import type { Reading } from "./plate";
import type { CaseDetail } from "./session";
import { type SignalRecord, signalRecords } from "./signals";

export type Loaded<T> =
  | { state: "loading" }
  | { state: "ready"; value: T }
  | { state: "failed"; failure: Failure };

export const MOMENTS = ["before", "at-line", "after"] as const;
export type Moment = (typeof MOMENTS)[number];

export interface Clip {
  url: string;
  index: FrameIndex;
}

/** `no_reader`: no model reads plates here. */
export interface Readings {
  readings: Reading[];
  noReader: boolean;
}

export interface CaseFiles {
  detail: Loaded<CaseDetail>;
  stills: Record<Moment, Loaded<string>>;
  clip: Loaded<Clip>;
  manifest: Loaded<Manifest>;
  track: Loaded<TrackState[]>;
  plan: Loaded<Plan | null>;
  readings: Loaded<Readings>;
  derivations: Derivations | null;
  signals: SignalRecord[];
}

const LOADING = { state: "loading" } as const;
const TRIES_MAX = 6;

export function nothingYet(): CaseFiles {
  return {
    detail: LOADING,
    stills: { before: LOADING, "at-line": LOADING, after: LOADING },
    clip: LOADING,
    manifest: LOADING,
    track: LOADING,
    plan: LOADING,
    readings: LOADING,
    derivations: null,
    signals: [],
  };
}

/** Whether what a decision needs to be seen is there. */
export function isComplete(files: CaseFiles): boolean {
  const { detail, stills, clip } = files;
  return [detail, ...Object.values(stills), clip].every((part) => part.state === "ready");
}

/** A package that does not hold is not decided: nobody knows what it shows. */
export function isVerified(files: CaseFiles): boolean {
  return files.detail.state === "ready" && files.detail.value.evidence?.verified === true;
}

export class CaseLoader {
  files = nothingYet();
  readonly #stop = new AbortController();
  readonly #urls: string[] = [];

  constructor(
    private readonly api: DeskApi,
    private readonly id: string,
    private readonly changed: () => void,
  ) {}

  /** Stills come first: most cases are decided by them. */
  async start(): Promise<void> {
    this.#set({ ...nothingYet(), readings: this.files.readings });
    const detail = await this.#load(
      () => this.api.look(this.id),
      (detail) => ({ detail }),
    );
    const evidence = detail?.evidence;
    if (!evidence || evidence.parts.length === 0) return;
    this.#set({
      derivations: evidence.derivations ? derivations(evidence.derivations) : null,
      signals: signalRecords(evidence.signals).records,
    });
    const stills = MOMENTS.map((moment) =>
      this.#load(
        async () => this.#url(await (await this.#part(moment)).blob()),
        (url) => ({ stills: { ...this.files.stills, [moment]: url } }),
      ),
    );
    await Promise.all([
      ...stills,
      this.#json("manifest", manifestOf, (manifest) => ({ manifest })),
    ]);
    await Promise.all([
      this.#load(
        () => this.#clip(),
        (clip) => ({ clip }),
      ),
      this.#json("track", trackStates, (track) => ({ track })),
      this.#load(
        async () => planOf(await (await this.#part("site")).text()),
        (plan) => ({ plan }),
      ),
      this.#load(
        () => this.#readings(),
        (readings) => ({ readings }),
      ),
    ]);
  }

  dispose(): void {
    this.#stop.abort();
    for (const url of this.#urls) URL.revokeObjectURL(url);
    // What the plate may say goes with the case.
    this.files = nothingYet();
  }

  #part(name: string): Promise<Response> {
    return this.api.part(this.id, name, this.#stop.signal);
  }

  #url(blob: Blob): string {
    const url = URL.createObjectURL(blob);
    if (this.#stop.signal.aborted) URL.revokeObjectURL(url);
    else this.#urls.push(url);
    return url;
  }

  #json<T>(
    name: string,
    read: (file: unknown) => T,
    put: (value: Loaded<T>) => Partial<CaseFiles>,
  ): Promise<T | null> {
    return this.#load(async () => read(await (await this.#part(name)).json()), put);
  }

  async #clip(): Promise<Clip> {
    const [listed, film] = await Promise.all([this.#part("clip-frames"), this.#part("clip")]);
    const bytes = await film.arrayBuffer();
    const index = frameIndex(await listed.json(), frameSeconds(bytes));
    if (!index) throw new Error("the list of the clip's frames cannot be read");
    return { url: this.#url(new Blob([bytes], { type: "video/mp4" })), index };
  }

  async #readings(): Promise<Readings> {
    try {
      return { readings: await this.api.readings(this.id), noReader: false };
    } catch (error) {
      if (failureOf(error).problem === "no-reader") return { readings: [], noReader: true };
      throw error;
    }
  }

  /** Loads one thing, again where that may help, and says how it went. */
  async #load<T>(
    load: () => Promise<T>,
    put: (value: Loaded<T>) => Partial<CaseFiles>,
  ): Promise<T | null> {
    for (let tries = 1; ; tries += 1) {
      try {
        const value = await load();
        this.#set(put({ state: "ready", value }));
        return value;
      } catch (error) {
        if (this.#stop.signal.aborted) return null;
        const failure = failureOf(error);
        if (!passes(failure) || failure.kind === "fault" || tries >= TRIES_MAX) {
          this.#set(put({ state: "failed", failure }));
          return null;
        }
        const wait = backoff(tries, Math.random(), failure.retryAfterS);
        await new Promise((resolve) => setTimeout(resolve, wait));
        if (this.#stop.signal.aborted) return null;
      }
    }
  }

  #set(change: Partial<CaseFiles>): void {
    if (this.#stop.signal.aborted) return;
    this.files = { ...this.files, ...change };
    this.changed();
  }
}

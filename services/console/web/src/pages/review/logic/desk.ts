// The desk at work: does what the machine asks for, keeps the files of the cases that are held, and tells
// the page when something has changed.

import type { DeskApi } from "./api";
import type { Effect, Event } from "./events";
import { failureOf } from "./failure";
import { type CaseFiles, CaseLoader, nothingYet } from "./files";
import { millis } from "./instants";
import { step } from "./machine";
import { newSession, type Session } from "./session";

const TICK_MS = 500;
const NOTHING = nothingYet();

export interface Snapshot {
  session: Session;
  current: CaseFiles;
  next: CaseFiles | null;
}

export class ReviewDesk {
  #session: Session;
  #snapshot: Snapshot;
  readonly #loaders = new Map<string, CaseLoader>();
  readonly #listeners = new Set<() => void>();
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    readonly api: DeskApi,
    account: string,
  ) {
    this.#session = newSession(account, api.now());
    this.#snapshot = { session: this.#session, current: NOTHING, next: null };
  }

  readonly listen = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): Snapshot => this.#snapshot;

  /** While somebody sits at the desk, or a decision is on its way. */
  start(): void {
    this.#timer ??= setInterval(() => {
      this.put({ is: "tick" });
      if (this.#session.left && this.#session.outgoing.length === 0) this.#rest();
    }, TICK_MS);
  }

  #rest(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  put(event: Event): void {
    const { session, effects } = step(this.#session, event, this.api.now());
    const changed = session !== this.#session;
    this.#session = session;
    if (changed) this.#tell();
    for (const effect of effects) this.#perform(effect);
  }

  /** The page is going, maybe with the whole browser: what can be said without waiting is said. */
  farewell(): void {
    const { current, next, outgoing } = this.#session;
    for (const one of outgoing) {
      if (one.phase === "failed") continue;
      this.api.farewell(one.held.claim.case, one.held.claim.token, one.choice);
    }
    for (const held of [current, next]) {
      if (held?.lost === null) this.api.farewell(held.claim.case, held.claim.token, null);
    }
  }

  /** Whether closing the page now could lose a decision. */
  hasUnsent(): boolean {
    return this.#session.outgoing.some(
      (one) => one.phase === "waiting" || one.phase === "checking",
    );
  }

  reload(): void {
    const id = this.#session.current?.claim.case;
    if (!id) return;
    this.#loaders.get(id)?.dispose();
    this.#loaders.delete(id);
    this.#tell();
  }

  #tell(): void {
    const { current, next } = this.#session;
    const held = [current, next].flatMap((one) => (one ? [one.claim.case] : []));
    for (const [id, loader] of this.#loaders) {
      if (held.includes(id)) continue;
      loader.dispose();
      this.#loaders.delete(id);
    }
    for (const id of held) {
      if (this.#loaders.has(id)) continue;
      const loader = new CaseLoader(this.api, id, () => this.#show());
      this.#loaders.set(id, loader);
      void loader.start();
    }
    this.#show();
  }

  #show(): void {
    const { current, next } = this.#session;
    const files = (id: string | undefined): CaseFiles =>
      (id === undefined ? undefined : this.#loaders.get(id)?.files) ?? NOTHING;
    this.#snapshot = {
      session: this.#session,
      current: files(current?.claim.case),
      next: next ? files(next.claim.case) : null,
    };
    for (const listener of this.#listeners) listener();
  }

  #perform(effect: Effect): void {
    const { api } = this;
    switch (effect.do) {
      case "claim":
        return this.#then(
          api.claim(),
          (claim) => ({ is: "claimed", claim }),
          (failure) => ({ is: "claim_failed", failure }),
        );
      case "beat":
        return this.#then(
          api.heartbeat(effect.case, effect.token),
          ({ until }) => ({ is: "beaten", case: effect.case, until: millis(until) ?? 0 }),
          (failure) => ({ is: "beat_failed", case: effect.case, failure }),
        );
      case "release":
        return this.#then(
          api.release(effect.case, effect.token),
          () => null,
          (failure) => ({ is: "release_failed", case: effect.case, failure }),
        );
      case "send": {
        const { id, held, choice } = effect.outgoing;
        return this.#then(
          api.decide(held.claim.case, held.claim.token, choice),
          (answer) => ({ is: "sent", id, answer }),
          (failure) => ({ is: "send_failed", id, failure, chance: Math.random() }),
        );
      }
      case "look":
        return this.#then(
          api.look(effect.case),
          (detail) => ({ is: "looked", id: effect.id, detail, failure: null, chance: 0 }),
          (failure) => ({
            is: "looked",
            id: effect.id,
            detail: null,
            failure,
            chance: Math.random(),
          }),
        );
      case "undo":
        return this.#then(
          api.undo(effect.case),
          () => ({ is: "undone", case: effect.case }),
          (failure) => ({ is: "undo_failed", case: effect.case, failure }),
        );
    }
  }

  #then<T>(
    work: Promise<T>,
    done: (value: T) => Event | null,
    failed: (failure: ReturnType<typeof failureOf>) => Event,
  ): void {
    work.then(
      (value) => {
        const event = done(value);
        if (event) this.put(event);
      },
      (error: unknown) => this.put(failed(failureOf(error))),
    );
  }
}

const desks = new Map<string, ReviewDesk>();

/** The one desk of an account in a role: decisions on their way outlive the page. */
export function deskOf(key: string, make: () => ReviewDesk): ReviewDesk {
  const found = desks.get(key) ?? make();
  desks.set(key, found);
  return found;
}

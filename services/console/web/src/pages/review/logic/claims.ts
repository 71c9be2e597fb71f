// The cases that are held: the one on the desk, the next, and the one that is wanted back.

import type { Effect } from "./events";
import { type Failure, passes } from "./failure";
import { micros } from "./instants";
import {
  acts,
  type Claim,
  type Draft,
  type Held,
  NO_DRAFT,
  type Notice,
  type Session,
} from "./session";

/** Without a key or a click for so long the next case goes back. */
export const AWAY_NEXT_MS = 180_000;
export const BEAT_MS_MAX = 60_000;
export const ASK_AGAIN_MS = 15_000;
const BEAT_MS_MIN = 2_000;
const NOTICES_MAX = 4;

export class Claims {
  readonly effects: Effect[] = [];

  constructor(
    readonly s: Session,
    readonly now: number,
  ) {}

  protected wantCurrent(): void {
    this.s.left = false;
    this.s.touchedAt = this.now;
    if (acts(this.s)) return;
    if (this.s.current) {
      this.s.current = null;
      this.advance();
    } else {
      this.s.phase = "claiming";
      this.claim();
    }
  }

  protected claim(): void {
    if (this.s.claiming) return;
    this.s.claiming = true;
    this.s.askAgainAt = null;
    if (this.s.wanted) this.s.wanted = { ...this.s.wanted, asked: true };
    this.effects.push({ do: "claim", want: this.s.wanted?.case ?? null });
  }

  /** A certain case back onto the desk. */
  protected claimAgain(id: string, draft: Draft): void {
    this.s.wanted = { case: id, draft, asked: false };
    this.claim();
  }

  protected claimed(claim: Claim | null): void {
    const { wanted } = this.s;
    this.s.claiming = false;
    this.s.failure = null;
    if (claim) {
      const mine = wanted?.case === claim.case ? wanted : null;
      this.place(this.held(claim, mine?.draft ?? NO_DRAFT), mine !== null);
      if (mine) this.s.wanted = null;
    } else {
      if (!this.s.current) this.s.phase = "empty";
      this.s.askAgainAt = this.now + ASK_AGAIN_MS;
    }
    if (this.s.wanted && !this.s.wanted.asked) {
      this.claim();
    } else if (this.s.wanted) {
      this.notice("elsewhere", { case: this.s.wanted.case });
      this.s.wanted = null;
    }
  }

  protected place(held: Held, wanted: boolean): void {
    if (this.s.left) return this.giveBack(held);
    if (wanted) return this.reopen(held);
    if (!this.s.current) {
      this.s.current = held;
      this.s.phase = "open";
      this.s.mode = "look";
      this.wantNext();
    } else if (!this.s.next && !held.again) {
      this.s.next = held;
    } else {
      // Whoever gave a case back does not want it as the next one.
      this.giveBack(held);
      this.s.askAgainAt = this.now + ASK_AGAIN_MS;
    }
  }

  protected held(claim: Claim, draft: Draft): Held {
    const until = (micros(claim.until) ?? this.now * 1000) / 1000;
    const again = this.s.givenBack.includes(claim.case);
    return { claim, until, beatAt: this.beatAfter(until), draft, lost: null, again };
  }

  protected beatAfter(until: number): number {
    const wait = Math.min(BEAT_MS_MAX, (until - this.now) / 3);
    return this.now + Math.max(wait, BEAT_MS_MIN);
  }

  protected claimFailed(failure: Failure): void {
    this.s.claiming = false;
    this.s.failure = failure;
    if (!this.s.current) this.s.phase = "failed";
    this.s.askAgainAt = passes(failure) ? this.now + ASK_AGAIN_MS : null;
  }

  protected wantNext(): void {
    const idle = this.now - this.s.touchedAt >= AWAY_NEXT_MS;
    if (acts(this.s) && !this.s.next && !this.s.left && !idle) this.claim();
  }

  /** The next case comes onto the desk. */
  protected advance(): void {
    this.s.current = this.s.next;
    this.s.next = null;
    this.s.mode = "look";
    this.s.approving = false;
    if (this.s.current) {
      this.s.phase = "open";
      this.wantNext();
    } else {
      this.s.phase = "claiming";
      this.claim();
    }
  }

  /** A case comes back onto the desk; the one that lies there becomes the next. */
  protected reopen(held: Held): void {
    const before = this.s.current;
    if (before && before.lost === null) {
      if (this.s.next) this.giveBack(this.s.next);
      this.s.next = before;
    }
    this.s.current = held;
    this.s.phase = "open";
    this.s.mode = "look";
    this.s.approving = false;
  }

  protected giveBack(held: Held): void {
    this.effects.push({ do: "release", case: held.claim.case, token: held.claim.token });
  }

  protected eachHeld(id: string, change: (held: Held) => Held): void {
    if (this.s.current?.claim.case === id) this.s.current = change(this.s.current);
    if (this.s.next?.claim.case === id) this.s.next = change(this.s.next);
  }

  protected kept(held: Held, until: number): Held {
    return { ...held, until: Math.max(held.until, until), beatAt: this.beatAfter(until) };
  }

  protected beatFailed(id: string, failure: Failure): void {
    if (passes(failure)) {
      return this.eachHeld(id, (held) => ({ ...held, beatAt: this.now + BEAT_MS_MIN * 2 }));
    }
    const gone = failure.kind === "gone" || failure.kind === "not_found";
    this.lose(id, gone ? "decided" : "ran_out");
  }

  protected lose(id: string, lost: "ran_out" | "decided"): void {
    if (this.s.next?.claim.case === id) this.s.next = null;
    if (this.s.current?.claim.case !== id || this.s.current.lost) return;
    this.s.current = { ...this.s.current, lost };
    this.s.mode = "look";
  }

  protected notice(
    kind: Notice["kind"],
    values: Record<string, string>,
    failure: Failure | null = null,
  ): void {
    this.s.numbers += 1;
    const notice: Notice = { id: this.s.numbers, kind, values, failure };
    this.s.notices = [...this.s.notices, notice].slice(-NOTICES_MAX);
  }
}

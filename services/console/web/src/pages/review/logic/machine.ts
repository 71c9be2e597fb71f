// How a session at the review desk goes on: a pure function from a session and an event to the next session
// and what has to be done. Times come in, nothing here reads a clock.
//
// At most two cases are held: the one on the desk, and the next, whose pictures load meanwhile. A decision
// leaves the desk at once and is carried until the server has it; the same decision of the same claim can be
// sent again safely. A rejection is final on the server, so it is kept back for a moment.

import { ASK_AGAIN_MS, AWAY_NEXT_MS, BEAT_MS_MAX } from "./claims";
import { Decisions } from "./decisions";
import type { Effect, Event } from "./events";
import { passes } from "./failure";
import { acts, type Session } from "./session";

/** Without a key or a click for so long the case on the desk is not kept any longer. */
export const AWAY_MS = 300_000;

export interface Step {
  session: Session;
  effects: Effect[];
}

export function step(before: Session, event: Event, now: number): Step {
  const desk = new Desk({ ...before }, now);
  desk.take(event);
  const keys = Object.keys(before) as (keyof Session)[];
  const same = keys.every((key) => Object.is(before[key], desk.s[key]));
  return { session: same ? before : desk.s, effects: desk.effects };
}

class Desk extends Decisions {
  take(event: Event): void {
    switch (event.is) {
      case "take":
        return this.wantCurrent();
      case "claimed":
        return this.claimed(event.claim);
      case "claim_failed":
        return this.claimFailed(event.failure);
      case "beaten":
        return this.eachHeld(event.case, (held) => this.kept(held, event.until));
      case "beat_failed":
        return this.beatFailed(event.case, event.failure);
      case "mode":
        if (event.mode !== "look" && !acts(this.s)) return;
        this.s.mode = event.mode;
        this.s.approving = event.mode === "plate" && event.approving === true;
        return;
      case "draft":
        if (!this.s.current) return;
        this.s.current = { ...this.s.current, draft: { ...this.s.current.draft, ...event.draft } };
        return;
      case "choose":
        return this.choose(event.choice);
      case "sent":
        return this.sent(event.id, event.answer);
      case "send_failed":
        return this.sendFailed(event.id, event.failure, event.chance);
      case "looked":
        return this.looked(event);
      case "take_again":
        return this.takeAgain(event.id);
      case "dismiss":
        this.s.outgoing = this.s.outgoing.filter(
          (one) => one.id !== event.id || one.phase !== "failed",
        );
        this.s.notices = this.s.notices.filter((one) => one.id !== event.id);
        return;
      case "undo":
        return this.undo();
      case "undone":
        return this.undone(event.case);
      case "undo_failed":
        this.s.undoing = null;
        // A second undo of the same decision would be of the one before it.
        if (!passes(event.failure)) this.marked(event.case);
        return this.notice("undo_failed", { case: event.case }, event.failure);
      case "release":
        return this.release();
      case "release_failed":
        // A claim that cannot be given back runs out by itself.
        if (passes(event.failure))
          this.notice("release_failed", { case: event.case }, event.failure);
        return;
      case "touch":
        return this.touch();
      case "leave":
        return this.leave();
      case "tick":
        return this.tick();
    }
  }

  // Time

  private touch(): void {
    const wasAway = this.now - this.s.touchedAt >= AWAY_NEXT_MS;
    this.s.touchedAt = this.now;
    if (wasAway) this.wantNext();
  }

  private tick(): void {
    for (const one of this.s.outgoing) {
      const due = one.phase === "held" || one.phase === "waiting";
      if (due && one.dueAt <= this.now) this.send(one);
    }
    const idle = this.now - this.s.touchedAt;
    if (this.s.next && idle >= AWAY_NEXT_MS) {
      this.giveBack(this.s.next);
      this.s.next = null;
    }
    for (const held of [this.s.current, this.s.next]) {
      if (!held || held.lost) continue;
      if (held.until <= this.now) this.lose(held.claim.case, "ran_out");
      else if (held.beatAt <= this.now && idle < AWAY_MS) {
        this.effects.push({ do: "beat", case: held.claim.case, token: held.claim.token });
        this.eachHeld(held.claim.case, (one) => ({ ...one, beatAt: this.now + BEAT_MS_MAX }));
      }
    }
    const { askAgainAt } = this.s;
    if (askAgainAt !== null && askAgainAt <= this.now && !this.s.left) {
      this.s.askAgainAt = this.now + ASK_AGAIN_MS;
      if (this.s.current) this.wantNext();
      else if (idle < AWAY_MS && this.s.phase !== "resting") this.claim();
    }
  }
}

// Decisions from the desk to the record, and back.

import { backoff } from "./backoff";
import { Claims } from "./claims";
import type { Event } from "./events";
import { type Failure, passes } from "./failure";
import { micros } from "./instants";
import {
  type Answer,
  acts,
  type CaseDetail,
  type Choice,
  type Decided,
  type Held,
  NO_DRAFT,
  type Outgoing,
  undoable,
  type WhyFailed,
} from "./session";

/** How long a rejection can be taken back before it is sent. */
export const HOLD_MS = 5_000;
const TRIES_MAX = 40;
const DECIDED_MAX = 30;
const GIVEN_BACK_MAX = 50;

export class Decisions extends Claims {
  protected choose(choice: Choice): void {
    if (!acts(this.s)) return;
    const phase = choice.kind === "reject" ? "held" : "sending";
    this.s.numbers += 1;
    const outgoing: Outgoing = {
      id: this.s.numbers,
      held: this.s.current,
      choice,
      phase,
      dueAt: this.now + HOLD_MS,
      tries: 0,
      failure: null,
      why: null,
    };
    this.s.outgoing = [...this.s.outgoing, outgoing];
    if (phase === "sending") this.effects.push({ do: "send", outgoing });
    this.s.touchedAt = this.now;
    this.advance();
  }

  protected outgoing(id: number, change: Partial<Outgoing>): Outgoing | null {
    let changed: Outgoing | null = null;
    this.s.outgoing = this.s.outgoing.map((one) => {
      if (one.id !== id) return one;
      changed = { ...one, ...change };
      return changed;
    });
    return changed;
  }

  protected send(one: Outgoing): void {
    const outgoing = this.outgoing(one.id, { phase: "sending" });
    if (outgoing) this.effects.push({ do: "send", outgoing });
  }

  protected sent(id: number, answer: Answer | null): void {
    const one = this.s.outgoing.find((other) => other.id === id);
    if (!one) return;
    this.s.outgoing = this.s.outgoing.filter((other) => other.id !== id);
    const { claim } = one.held;
    const decided: Decided = {
      case: claim.case,
      rule: claim.violation.rule,
      choice: one.choice.kind,
      reason: one.choice.kind === "reject" ? one.choice.reason : null,
      step: answer?.step ?? (one.choice.kind === "send_back" ? "sent_back" : "recorded"),
      undoUntil: answer?.undo_until ? (micros(answer.undo_until) ?? 0) / 1000 : null,
      undone: false,
      knownCorrect: answer?.known_correct ?? null,
      knownRight: answer?.known_right ?? null,
      standDown: answer?.stand_down ?? null,
    };
    this.s.decided = [decided, ...this.s.decided].slice(0, DECIDED_MAX);
    if (decided.knownCorrect !== null) {
      this.notice("known", {
        correct: String(decided.knownCorrect),
        right: decided.knownRight ?? "",
      });
    }
    if (decided.standDown) this.notice("stand_down", { why: decided.standDown });
  }

  protected sendFailed(id: number, failure: Failure, chance: number): void {
    const one = this.s.outgoing.find((other) => other.id === id);
    if (!one) return;
    const tries = one.tries + 1;
    if (passes(failure)) {
      const dueAt = this.now + backoff(tries, chance, failure.retryAfterS);
      const gaveUp = tries >= TRIES_MAX;
      this.outgoing(id, {
        phase: gaveUp ? "failed" : "waiting",
        tries,
        dueAt,
        failure,
        why: gaveUp ? "gave_up" : null,
      });
    } else if (failure.kind === "conflict" || failure.kind === "gone") {
      // It may be that the first try arrived and its answer did not.
      this.outgoing(id, { phase: "checking", tries, failure });
      this.effects.push({ do: "look", id, case: one.held.claim.case });
    } else {
      this.refused(one, failure);
    }
  }

  /** The request itself was wrong: the case comes back with everything that was put down. */
  protected refused(one: Outgoing, failure: Failure): void {
    if (one.held.until <= this.now || this.s.left) {
      this.outgoing(one.id, { phase: "failed", failure, why: "refused" });
      return;
    }
    this.s.outgoing = this.s.outgoing.filter((other) => other.id !== one.id);
    this.reopen(this.withChoice(one));
    this.notice("reopened", { case: one.held.claim.case }, failure);
  }

  protected withChoice({ held, choice }: Outgoing): Held {
    if (choice.kind !== "approve") return held;
    return { ...held, draft: { ...held.draft, plate: choice.plate, confirmed: false } };
  }

  protected looked(event: Extract<Event, { is: "looked" }>): void {
    const one = this.s.outgoing.find((other) => other.id === event.id);
    if (one?.phase !== "checking") return;
    const { detail, failure } = event;
    if (failure && passes(failure)) return this.sendFailed(one.id, failure, event.chance);
    if (detail && onRecord(one, detail, this.s.account)) return this.sent(one.id, null);
    this.outgoing(one.id, { phase: "failed", why: whyOf(detail) });
  }

  protected takeAgain(id: number): void {
    const one = this.s.outgoing.find((other) => other.id === id && other.phase === "failed");
    if (!one) return;
    if (one.why === "gave_up") {
      this.outgoing(id, { tries: 0 });
      return this.send(one);
    }
    this.s.outgoing = this.s.outgoing.filter((other) => other.id !== id);
    this.claimAgain(one.held.claim.case, this.withChoice(one).draft);
  }

  // Steps back

  protected undo(): void {
    const found = undoable(this.s, this.now);
    if (!found || this.s.undoing) return;
    this.s.left = false;
    if ("phase" in found) {
      this.s.outgoing = this.s.outgoing.filter((one) => one.id !== found.id);
      return this.reopen(this.withChoice(found));
    }
    this.s.undoing = found.case;
    this.effects.push({ do: "undo", case: found.case });
  }

  protected undone(id: string): void {
    this.s.undoing = null;
    this.marked(id);
    this.notice("undone", { case: id });
    if (!this.s.left) this.claimAgain(id, NO_DRAFT);
  }

  protected marked(id: string): void {
    this.s.decided = this.s.decided.map((one) =>
      one.case === id ? { ...one, undone: true } : one,
    );
  }

  protected release(): void {
    const { current } = this.s;
    if (!current) return;
    if (current.lost === null) this.giveBack(current);
    this.s.givenBack = [current.claim.case, ...this.s.givenBack].slice(0, GIVEN_BACK_MAX);
    this.notice("given_back", { case: current.claim.case });
    this.s.current = this.s.next;
    this.s.next = null;
    this.s.mode = "look";
    // With nothing else loaded the same case would come again at once: whoever wants it asks for it.
    this.s.phase = this.s.current ? "open" : "resting";
    this.wantNext();
  }

  protected leave(): void {
    for (const one of this.s.outgoing) if (one.phase === "held") this.send(one);
    for (const held of [this.s.current, this.s.next]) if (held?.lost === null) this.giveBack(held);
    this.s.current = null;
    this.s.next = null;
    this.s.phase = "resting";
    this.s.mode = "look";
    this.s.askAgainAt = null;
    this.s.left = true;
  }
}

/** Whether the case shows that this very decision is on record. */
function onRecord(one: Outgoing, detail: CaseDetail, account: string): boolean {
  if (one.choice.kind === "send_back") return detail.state === "sent_back";
  const { kind } = one.choice;
  const reason = one.choice.kind === "reject" ? one.choice.reason : null;
  const voted = detail.votes.some(
    (vote) =>
      vote.account === account && vote.decision === kind && (vote.reason ?? null) === reason,
  );
  // A known case keeps no votes; only its own reviewer can decide it.
  return voted || (detail.state === "known" && one.tries > 1);
}

function whyOf(detail: CaseDetail | null): WhyFailed {
  if (!detail || detail.state === "erased") return "erased";
  if (detail.state === "sent_back") return "sent_back";
  return detail.state === "queued" || detail.state === "claimed" ? "ran_out" : "decided_by_other";
}

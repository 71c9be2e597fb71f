// What a session at the review desk is made of. `machine.ts` says how it changes.

import type { components } from "@/api/generated/review";
import type { Failure } from "./failure";

export type Claim = components["schemas"]["ClaimJson"];
export type CaseDetail = components["schemas"]["CaseJson"];
export type Answer = components["schemas"]["DecidedJson"];

/** What the reviewer has put down and not sent. The plate is here and in the request that carries it. */
export interface Draft {
  /** As typed; none where the suggestion was not touched. */
  plate: string | null;
  /** Whether the reviewer has said that the plate is right. */
  confirmed: boolean;
  note: string;
}

export type Lost = "ran_out" | "taken" | "decided";

/** A case that is this reviewer's. Times are milliseconds of the server's clock. */
export interface Held {
  claim: Claim;
  until: number;
  beatAt: number;
  draft: Draft;
  lost: Lost | null;
  /** Whether this reviewer gave it back before. */
  again: boolean;
}

export type Choice =
  | { kind: "approve"; plate: string | null; note: string }
  | { kind: "reject"; reason: string; note: string }
  | { kind: "send_back"; why: string };

export type WhyFailed =
  | "ran_out"
  | "decided_by_other"
  | "erased"
  | "sent_back"
  | "refused"
  | "gave_up";

/** A decision on its way. `held` waits so that it can be taken back: a rejection is final once sent. */
export interface Outgoing {
  id: number;
  held: Held;
  choice: Choice;
  phase: "held" | "sending" | "waiting" | "checking" | "failed";
  dueAt: number;
  tries: number;
  failure: Failure | null;
  why: WhyFailed | null;
}

/** A decision that is on record. */
export interface Decided {
  case: string;
  rule: string;
  choice: Choice["kind"];
  reason: string | null;
  /** `approved`, `second_review` and so on; `sent_back`; `recorded` where it was found on record. */
  step: string;
  undoUntil: number | null;
  undone: boolean;
  knownCorrect: boolean | null;
  knownRight: string | null;
  standDown: string | null;
}

export interface Notice {
  id: number;
  kind:
    | "undone"
    | "undo_failed"
    | "undo_elsewhere"
    | "given_back"
    | "release_failed"
    | "reopened"
    | "elsewhere"
    | "known"
    | "stand_down";
  values: Record<string, string>;
  failure: Failure | null;
}

export type Mode = "look" | "reason" | "plate" | "send_back" | "note";

export interface Session {
  account: string;
  phase: "resting" | "claiming" | "empty" | "open" | "failed";
  /** Why the last claim failed. */
  failure: Failure | null;
  current: Held | null;
  next: Held | null;
  /** Whether a claim is under way. */
  claiming: boolean;
  /** The one case that the reviewer wants back, and whether the claim under way is for it. */
  wanted: { case: string; draft: Draft; asked: boolean } | null;
  /** When to ask again for a next case, where there was none. */
  askAgainAt: number | null;
  undoing: string | null;
  mode: Mode;
  /** Whether Enter in the plate's field approves as well. */
  approving: boolean;
  outgoing: Outgoing[];
  /** Newest first. */
  decided: Decided[];
  notices: Notice[];
  givenBack: string[];
  touchedAt: number;
  left: boolean;
  numbers: number;
}

export const NO_DRAFT: Draft = { plate: null, confirmed: false, note: "" };

export function newSession(account: string, now: number): Session {
  return {
    account,
    phase: "resting",
    failure: null,
    current: null,
    next: null,
    claiming: false,
    wanted: null,
    askAgainAt: null,
    undoing: null,
    mode: "look",
    approving: false,
    outgoing: [],
    decided: [],
    notices: [],
    givenBack: [],
    touchedAt: now,
    left: false,
    numbers: 0,
  };
}

/** Whether the reviewer can act on the case before them. */
export function acts(session: Session): session is Session & { current: Held } {
  return session.current !== null && session.current.lost === null;
}

/** The decision that undo would take back now: one that waits, or the latest that the desk can undo. */
export function undoable(session: Session, now: number): Outgoing | Decided | null {
  const waiting = session.outgoing.findLast((one) => one.phase === "held");
  if (waiting) return waiting;
  const found = session.decided.find(
    (one) =>
      !one.undone &&
      (one.step === "approved"
        ? one.undoUntil !== null && one.undoUntil > now
        : one.step === "second_review" || one.step === "senior_review"),
  );
  return found ?? null;
}

// What happens at the desk, and what has to be done about it.

import type { Failure } from "./failure";
import type { Answer, CaseDetail, Choice, Claim, Draft, Mode, Outgoing } from "./session";

export type Effect =
  /** `want` is the case that is wanted; the queue may give another. */
  | { do: "claim"; want: string | null }
  | { do: "beat"; case: string; token: string }
  | { do: "release"; case: string; token: string }
  | { do: "send"; outgoing: Outgoing }
  | { do: "look"; id: number; case: string }
  | { do: "undo"; case: string };

export type Event =
  | { is: "take" }
  | { is: "claimed"; claim: Claim | null }
  | { is: "claim_failed"; failure: Failure }
  | { is: "beaten"; case: string; until: number }
  | { is: "beat_failed"; case: string; failure: Failure }
  | { is: "mode"; mode: Mode; approving?: boolean }
  | { is: "draft"; draft: Partial<Draft> }
  | { is: "choose"; choice: Choice }
  | { is: "sent"; id: number; answer: Answer | null }
  | { is: "send_failed"; id: number; failure: Failure; chance: number }
  | { is: "looked"; id: number; detail: CaseDetail | null; failure: Failure | null; chance: number }
  | { is: "take_again"; id: number }
  | { is: "dismiss"; id: number }
  | { is: "undo" }
  | { is: "undone"; case: string }
  | { is: "undo_failed"; case: string; failure: Failure }
  | { is: "release" }
  | { is: "release_failed"; case: string; failure: Failure }
  | { is: "touch" }
  | { is: "leave" }
  | { is: "tick" };

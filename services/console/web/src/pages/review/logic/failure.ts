// What a failed request means to the desk.

import { asProblem } from "@/api/problem";

export type FailureKind =
  | "offline"
  | "signed_out"
  | "not_allowed"
  | "not_found"
  | "gone"
  | "conflict"
  | "unsound"
  | "invalid"
  | "busy"
  | "fault";

export interface Failure {
  kind: FailureKind;
  /** The problem's own name, for example `not-claimed`; empty where there was no answer. */
  problem: string;
  /** What the server says, in its words. */
  detail: string;
  hint: string | null;
  retryAfterS: number | null;
}

export const OFFLINE: Failure = {
  kind: "offline",
  problem: "",
  detail: "",
  hint: null,
  retryAfterS: null,
};

const KINDS: Record<number, FailureKind> = {
  400: "invalid",
  401: "signed_out",
  403: "not_allowed",
  404: "not_found",
  409: "conflict",
  410: "gone",
  413: "invalid",
  422: "invalid",
  429: "busy",
  503: "busy",
};

/** From what `send` throws. */
export function failureOf(error: unknown): Failure {
  const problem = asProblem(error);
  const name = problem.type === "about:blank" ? "" : problem.kind;
  const kind = problem.offline ? "offline" : (KINDS[problem.status] ?? "fault");
  return {
    kind: name === "evidence-not-sound" ? "unsound" : kind,
    problem: name,
    detail: problem.offline ? "" : (problem.detail ?? problem.title),
    hint: problem.hint ?? null,
    retryAfterS: problem.retryAfter ?? null,
  };
}

/** Whether the same request may succeed later. */
export function passes(failure: Failure): boolean {
  return ["offline", "busy", "fault", "signed_out"].includes(failure.kind);
}

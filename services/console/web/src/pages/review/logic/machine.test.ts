import { describe, expect, it } from "vitest";
import { AWAY_NEXT_MS } from "./claims";
import { HOLD_MS } from "./decisions";
import type { Effect, Event } from "./events";
import { type Failure, OFFLINE } from "./failure";
import { AWAY_MS, step } from "./machine";
import {
  type Answer,
  type CaseDetail,
  type Claim,
  newSession,
  type Session,
  undoable,
} from "./session";

const START = Date.parse("2026-06-01T12:00:00Z");
const CONFLICT: Failure = { ...OFFLINE, kind: "conflict", problem: "conflict" };
const INVALID: Failure = { ...OFFLINE, kind: "invalid", problem: "not-acceptable" };

/** A session with a clock, and what it asked for. */
class Bench {
  now = START;
  session: Session = newSession("reviewer-01", START);
  asked: Effect[] = [];

  put(event: Event): this {
    const { session, effects } = step(this.session, event, this.now);
    this.session = session;
    this.asked.push(...effects);
    return this;
  }

  after(ms: number): this {
    this.now += ms;
    return this.put({ is: "tick" });
  }

  /** What was asked for since the last look, in short. */
  took(): string[] {
    const short = this.asked.map((effect) =>
      effect.do === "send"
        ? `send ${effect.outgoing.held.claim.case} ${effect.outgoing.choice.kind}`
        : "case" in effect
          ? `${effect.do} ${effect.case}`
          : effect.do,
    );
    this.asked = [];
    return short;
  }

  claimed(id: string, seconds = 600): this {
    const until = new Date(this.now + seconds * 1000).toISOString();
    const claim = {
      case: id,
      token: `token-${id}`,
      until,
      stage: "first",
      violation: { rule: "red_light" },
    };
    return this.put({ is: "claimed", claim: claim as Claim });
  }

  /** One case on the desk and one behind it. */
  static open(): Bench {
    const bench = new Bench();
    bench.put({ is: "take" }).claimed("a").claimed("b");
    bench.took();
    return bench;
  }

  get cases(): (string | undefined)[] {
    return [this.session.current?.claim.case, this.session.next?.claim.case];
  }
}

const approve: Event = { is: "choose", choice: { kind: "approve", plate: "W12345X", note: "" } };
const reject: Event = {
  is: "choose",
  choice: { kind: "reject", reason: "signal_not_red", note: "" },
};
const answer = (of: Partial<Answer>): Answer => ({
  case: "a",
  step: "approved",
  at: "2026-06-01T12:00:00.000000Z",
  repeated: false,
  ...of,
});

describe("claims", () => {
  it("take one case, and the next behind it", () => {
    const bench = new Bench();
    bench.put({ is: "take" });
    expect(bench.took()).toEqual(["claim"]);
    bench.claimed("a");
    expect(bench.took()).toEqual(["claim"]);
    bench.claimed("b");
    expect([bench.cases, bench.took()]).toEqual([["a", "b"], []]);
  });

  it("look again after a while where nothing waits, and open what comes", () => {
    const bench = new Bench();
    bench.put({ is: "take" }).put({ is: "claimed", claim: null });
    expect(bench.session.phase).toBe("empty");
    bench.took();
    expect(bench.after(14_000).took()).toEqual([]);
    expect(bench.after(1_500).took()).toEqual(["claim"]);
    bench.claimed("a");
    expect(bench.session.phase).toBe("open");
  });

  it("are kept alive while somebody is there, both of them", () => {
    const bench = Bench.open();
    expect(bench.after(59_000).took()).toEqual([]);
    expect(bench.after(2_000).took()).toEqual(["beat a", "beat b"]);
    bench.put({ is: "beaten", case: "a", until: bench.now + 600_000 });
    expect(bench.session.current?.until).toBe(bench.now + 600_000);
  });

  it("go back when nobody is there: the next first, then the one on the desk runs out", () => {
    const bench = Bench.open();
    bench.after(AWAY_NEXT_MS);
    expect(bench.took()).toContain("release b");
    bench.after(AWAY_MS);
    bench.took();
    expect(bench.after(1_000).took()).toEqual([]);
    bench.after(600_000);
    expect(bench.session.current?.lost).toBe("ran_out");
    expect(bench.put(approve).took()).toEqual([]);
    bench.put({ is: "take" });
    expect(bench.took()).toEqual(["claim"]);
  });

  it("are given back on leaving, and a claim that arrives later as well", () => {
    const bench = Bench.open();
    bench.put(approve);
    bench.took();
    bench.put({ is: "leave" });
    expect(bench.took()).toEqual(["release b"]);
    bench.claimed("c");
    expect(bench.took()).toEqual(["release c"]);
    expect(bench.cases).toEqual([undefined, undefined]);
  });

  it("do not bring a case as the next one that was given back", () => {
    const bench = Bench.open();
    bench.put({ is: "release" });
    expect(bench.took()).toEqual(["release a", "claim"]);
    bench.claimed("a");
    expect([bench.cases, bench.took()]).toEqual([["b", undefined], ["release a"]]);
  });
});

describe("decisions", () => {
  it("leave the desk at once, and the next case is there", () => {
    const bench = Bench.open();
    bench.put(approve);
    expect([bench.cases, bench.took()]).toEqual([
      ["b", undefined],
      ["send a approve", "claim"],
    ]);
    bench.put({ is: "sent", id: 1, answer: answer({ undo_until: "2026-06-01T12:10:00Z" }) });
    expect(bench.session.outgoing).toEqual([]);
    expect(undoable(bench.session, bench.now)).toMatchObject({ case: "a" });
    expect(undoable(bench.session, bench.now + 600_000)).toBeNull();
  });

  it("that reject are kept back for a moment, and can be taken back until then", () => {
    const bench = Bench.open();
    bench.put(reject);
    expect(bench.took()).toEqual(["claim"]);
    bench.after(HOLD_MS - 1_000).put({ is: "undo" });
    expect([bench.cases, bench.session.outgoing]).toEqual([["a", "b"], []]);
    bench.put(reject).after(HOLD_MS);
    expect(bench.took()).toContain("send a reject");
  });

  it("that reject are sent when the page is left", () => {
    const bench = Bench.open();
    bench.put(reject);
    bench.took();
    expect(bench.put({ is: "leave" }).took()).toEqual(["send a reject", "release b"]);
  });

  it("are kept and sent again while the server cannot be reached", () => {
    const bench = Bench.open();
    bench.put(approve);
    bench.took();
    bench.put({ is: "send_failed", id: 1, failure: OFFLINE, chance: 0.5 });
    expect(bench.session.outgoing[0]).toMatchObject({ phase: "waiting", tries: 1 });
    expect(bench.after(900).took()).toEqual([]);
    expect(bench.after(200).took()).toEqual(["send a approve"]);
    bench.put({ is: "send_failed", id: 1, failure: OFFLINE, chance: 0.5 });
    expect(bench.after(1_900).took()).toEqual([]);
    expect(bench.after(200).took()).toEqual(["send a approve"]);
  });

  it("that met a conflict are looked for on record first", () => {
    const detail = (of: Partial<CaseDetail>) =>
      ({ state: "approved", votes: [], ...of }) as CaseDetail;
    const vote = { account: "reviewer-01", decision: "approve", reason: null };
    const met = (): Bench => {
      const bench = Bench.open();
      bench.put(approve);
      bench.took();
      return bench.put({ is: "send_failed", id: 1, failure: CONFLICT, chance: 0 });
    };
    const bench = met();
    expect(bench.took()).toEqual(["look a"]);
    const looked = (of: CaseDetail): Event => ({
      is: "looked",
      id: 1,
      detail: of,
      failure: null,
      chance: 0,
    });
    bench.put(looked(detail({ votes: [vote] as CaseDetail["votes"] })));
    expect(bench.session.outgoing).toEqual([]);
    expect(bench.session.decided[0]).toMatchObject({ case: "a", step: "recorded" });

    const late = met().put(looked(detail({ state: "queued" })));
    expect(late.session.outgoing[0]).toMatchObject({ phase: "failed", why: "ran_out" });
    const other = met().put(
      looked(detail({ votes: [{ ...vote, account: "x" }] as CaseDetail["votes"] })),
    );
    expect(other.session.outgoing[0]).toMatchObject({ phase: "failed", why: "decided_by_other" });
  });

  it("whose time ran out can be taken up again with everything that was put down", () => {
    const bench = Bench.open();
    bench.put(approve).claimed("c");
    bench.put({ is: "send_failed", id: 1, failure: CONFLICT, chance: 0 });
    const queued = { state: "queued", votes: [] as CaseDetail["votes"] } as CaseDetail;
    bench.put({ is: "looked", id: 1, detail: queued, failure: null, chance: 0 });
    bench.took();
    bench.put({ is: "take_again", id: 1 });
    expect(bench.took()).toEqual(["claim"]);
    bench.claimed("a");
    expect([bench.cases, bench.took()]).toEqual([["a", "b"], ["release c"]]);
    expect(bench.session.current?.draft).toMatchObject({ plate: "W12345X", confirmed: false });
  });

  it("that the server refuses come back onto the desk", () => {
    const bench = Bench.open();
    bench.put(approve);
    bench.put({ is: "send_failed", id: 1, failure: INVALID, chance: 0 });
    expect(bench.cases).toEqual(["a", "b"]);
    expect(bench.session.current?.draft.plate).toBe("W12345X");
    expect(bench.session.notices[0]).toMatchObject({ kind: "reopened", failure: INVALID });
  });

  it("are not taken twice for one case", () => {
    const bench = new Bench();
    bench.put({ is: "take" }).claimed("a").put({ is: "claimed", claim: null });
    bench.took();
    bench.put(approve).put(approve).put(reject);
    expect(bench.took().filter((one) => one.startsWith("send"))).toEqual(["send a approve"]);
  });
});

describe("undo", () => {
  const decided = (): Bench => {
    const bench = Bench.open();
    bench.put(approve);
    bench.put({ is: "sent", id: 1, answer: answer({ undo_until: "2026-06-01T12:10:00Z" }) });
    return bench;
  };

  it("brings the case back though another claim was under way", () => {
    const bench = decided();
    bench.took();
    bench.put({ is: "undo" });
    expect(bench.took()).toEqual(["undo a"]);
    bench.put({ is: "undone", case: "a" });
    // The claim for the next case is still out: it cannot be the one that is wanted.
    expect(bench.took()).toEqual([]);
    bench.claimed("c");
    expect([bench.cases, bench.took()]).toEqual([["b", "c"], ["claim"]]);
    bench.claimed("a");
    expect([bench.cases, bench.took()]).toEqual([["a", "b"], ["release c"]]);
  });

  it("says so where the case went to somebody else", () => {
    const bench = decided();
    bench.claimed("c").put({ is: "undo" }).put({ is: "undone", case: "a" });
    bench.took();
    bench.claimed("d");
    expect(bench.took()).toEqual(["release d"]);
    expect(bench.cases).toEqual(["b", "c"]);
    expect(bench.session.notices.map((one) => one.kind)).toEqual(["undone", "elsewhere"]);
  });

  it("reaches no earlier decision by accident", () => {
    const bench = decided();
    bench.put({ is: "undo" }).put({ is: "undo" });
    expect(bench.took().filter((one) => one === "undo a")).toHaveLength(1);
    bench.put({ is: "undone", case: "a" });
    expect(undoable(bench.session, bench.now)).toBeNull();
  });

  it("is not offered for what is final", () => {
    const bench = Bench.open();
    bench.put(reject).after(HOLD_MS);
    bench.put({ is: "sent", id: 1, answer: answer({ step: "rejected" }) });
    expect(undoable(bench.session, bench.now)).toBeNull();
  });
});

describe("a session", () => {
  it("is the same value where nothing changed", () => {
    const bench = Bench.open();
    const before = bench.session;
    bench.put({ is: "tick" });
    expect(bench.session).toBe(before);
  });

  it("holds two cases at most and forgets no claim, whatever happens", () => {
    const bench = new Bench();
    const events: Event[] = [
      { is: "take" },
      { is: "undo" },
      { is: "release" },
      approve,
      reject,
      { is: "touch" },
      { is: "tick" },
      { is: "leave" },
      { is: "claimed", claim: null },
      { is: "claim_failed", failure: OFFLINE },
    ];
    let seed = 7;
    const chance = (n: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((seed / 2_147_483_648) * n);
    };
    const out = new Map<string, number>();
    let claims = 0;
    for (let turn = 0; turn < 5_000; turn += 1) {
      bench.now += chance(4_000);
      if (bench.session.claiming && chance(2) === 0) {
        claims += 1;
        const seconds = 30 + chance(60);
        out.set(`c${claims}`, bench.now + seconds * 1_000);
        bench.claimed(`c${claims}`, seconds);
      } else {
        const event = events[chance(events.length)];
        const answers = event?.is === "claimed" || event?.is === "claim_failed";
        if (event && (!answers || bench.session.claiming)) bench.put(event);
      }
      for (const effect of bench.asked) {
        if (effect.do === "release") out.delete(effect.case);
        if (effect.do !== "send") continue;
        out.delete(effect.outgoing.held.claim.case);
        bench.put({ is: "sent", id: effect.outgoing.id, answer: null });
      }
      bench.asked = [];
      const held = [bench.session.current, bench.session.next].flatMap((one) =>
        one ? [one.claim.case] : [],
      );
      const waiting = bench.session.outgoing.map((one) => one.held.claim.case);
      if (held.length > 2 || new Set([...held, ...waiting]).size < held.length + waiting.length) {
        throw new Error(`turn ${turn}: ${held} and ${waiting}`);
      }
      // Every claim is on the desk, on its way or given back; else its time must be over.
      for (const [id, until] of out) {
        if (held.includes(id) || waiting.includes(id)) continue;
        if (until > bench.now) throw new Error(`turn ${turn}: ${id} was forgotten`);
        out.delete(id);
      }
    }
    expect(claims).toBeGreaterThan(500);
  });
});

import { describe, expect, it } from "vitest";
import type { FlowMinutes, SitePlan } from "@/api/shapes";
import { signalsAt, withSignals } from "./data";
import { byApproach } from "./flowData";
import { frameAt } from "./sceneFrames";

const minute = (n: number) => new Date(Date.UTC(2026, 5, 1, 7, n)).toISOString();

describe("flow by approach", () => {
  const plan = {
    stop_lines: [{ lanes: ["a1", "a2", "b1"] }],
    lanes: [
      { id: "a1", approach: "A" },
      { id: "a2", approach: "A" },
      { id: "b1", approach: "B" },
      { id: "out", approach: "C" },
    ],
  } as unknown as SitePlan;
  const lane = (id: string, minutes: [number, number, number?][]): FlowMinutes => ({
    lane: id,
    camera: "north",
    minutes: minutes.map(([n, vehicles, occupancy]) => ({
      from: minute(n),
      observed_s: 60,
      vehicles,
      occupancy: occupancy ?? null,
    })),
  });

  it("adds lanes up, and leaves a hole where one was not observed", () => {
    const { times, approaches } = byApproach(plan, [
      lane("a1", [
        [0, 3, 0.2],
        [1, 4, 0.4],
        [3, 1],
      ]),
      lane("a2", [
        [0, 2, 0.4],
        [3, 1],
      ]),
      lane("b1", [
        [0, 9],
        [1, 8],
        [2, 7],
        [3, 6],
      ]),
      lane("out", [[0, 50]]),
    ]);
    expect(times).toHaveLength(4);
    expect(approaches.map(({ name }) => name)).toEqual(["A", "B"]);
    expect(approaches[0]?.vehicles).toEqual([5, null, null, 2]);
    expect(approaches[0]?.occupancy[0]).toBeCloseTo(0.3);
    expect(approaches[0]?.occupancy.slice(1)).toEqual([0.4, null, null]);
    expect(approaches[1]?.vehicles).toEqual([9, 8, 7, 6]);
  });

  it("shows an hour at most, and nothing of nothing", () => {
    const long = lane(
      "b1",
      Array.from({ length: 200 }, (_, n) => [n, n] as [number, number]),
    );
    expect(byApproach(plan, [long]).times).toHaveLength(60);
    expect(byApproach(plan, [])).toEqual({ times: [], approaches: [] });
  });
});

describe("signals", () => {
  const change = (second: number, state: string, group = "N") => ({
    site: "x",
    group,
    state,
    time: new Date(second * 1000).toISOString(),
  });

  it("are added in order; what comes twice or late is not", () => {
    let groups = withSignals([], [change(10, "red"), change(20, "green"), change(20, "green")]);
    groups = withSignals(groups, [change(15, "yellow"), change(30, "red", "E")]);
    expect(groups.map(({ group, history }) => [group, history.map(({ state }) => state)])).toEqual([
      ["N", ["red", "green"]],
      ["E", ["red"]],
    ]);
  });

  it("forget what is older than the window, but not the state it left", () => {
    const groups = withSignals([], [change(0, "red"), change(10, "green"), change(1000, "red")]);
    expect(groups[0]?.history.map(({ state }) => state)).toEqual(["green", "red"]);
  });

  it("are known at an instant", () => {
    const groups = withSignals([], [change(10, "red"), change(20, "green")]);
    expect(signalsAt(groups)).toEqual({ N: "green" });
    expect(signalsAt(groups, 15_000)).toEqual({ N: "red" });
    expect(signalsAt(groups, 5_000)).toEqual({ N: "unknown" });
  });
});

describe("frames of a scene", () => {
  it("are found by the instant", () => {
    const times = [100, 200, 300];
    expect([50, 100, 199, 200, 999].map((at) => frameAt(times, at))).toEqual([-1, 0, 0, 1, 2]);
    expect(frameAt([], 5)).toBe(-1);
  });
});

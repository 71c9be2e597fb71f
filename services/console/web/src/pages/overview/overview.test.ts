import { describe, expect, it } from "vitest";
import type { EventShape, Overview } from "@/api/shapes";
import { bySeverity, totals, withEvents, withHealth, withTravelTimes } from "./data";
import { stepOf } from "./mapStyle";

const event = (id: string, second: number, kind: EventShape["kind"] = "violation"): EventShape => ({
  id,
  kind,
  rule: "red_light",
  site: "a",
  camera: "north",
  time: new Date(second * 1000).toISOString(),
  quantities: [],
});

const overview = (): Overview =>
  ({
    now: "2026-06-01T07:00:00Z",
    event_id: "e1-1",
    sites: [
      {
        id: "a",
        name: "A",
        timezone: "UTC",
        state: "ok",
        cameras: [{ id: "north", state: "live" }],
        violations_24h: 4,
        voids_24h: 1,
        waiting_review: 2,
      },
      {
        id: "b",
        name: "B",
        timezone: "UTC",
        state: "down",
        cameras: [{ id: "east", state: "lost" }],
        violations_24h: 0,
        voids_24h: 0,
      },
    ],
    travel_times: [],
    stood_down: [],
    rules_stood_down: [],
    events: [event("1", 10)],
    feed: { state: "reading", missed: 0, dropped: 0, unreadable: 0 },
  }) as Overview;

describe("live events", () => {
  it("come first, and count once", () => {
    let now = withEvents(overview(), [event("2", 20), event("3", 15, "void")]);
    now = withEvents(now, [event("2", 20)]);
    expect(now.events.map(({ id }) => id)).toEqual(["2", "3", "1"]);
    expect(now.sites[0]).toMatchObject({ violations_24h: 5, voids_24h: 2 });
    expect(now.sites[1]).toMatchObject({ violations_24h: 0 });
  });

  it("are replaced when more is known of them", () => {
    const now = withEvents(overview(), [{ ...event("1", 10), evidence: "sealed" }]);
    expect(now.events).toHaveLength(1);
    expect(now.events[0]?.evidence).toBe("sealed");
    expect(now.sites[0]?.violations_24h).toBe(4);
  });

  it("do not grow without end", () => {
    const many = Array.from({ length: 5000 }, (_, n) => event(`n${n}`, 100 + n));
    const now = withEvents(overview(), many);
    expect(now.events).toHaveLength(100);
    expect(now.events[0]?.id).toBe("n4999");
  });
});

describe("the glance", () => {
  it("adds up", () => {
    expect(totals(overview())).toEqual({
      sites: 2,
      sitesOk: 1,
      cameras: 2,
      camerasLive: 1,
      violations: 4,
      voids: 1,
      waiting: 2,
    });
  });

  it("has no figure for review where there is none", () => {
    const without = overview();
    for (const site of without.sites) site.waiting_review = null;
    expect(totals(without).waiting).toBeUndefined();
  });

  it("puts first what needs somebody", () => {
    expect(bySeverity(overview().sites).map(({ id }) => id)).toEqual(["b", "a"]);
  });

  it("takes the newest health and travel time", () => {
    const now = withHealth(overview(), [
      { site: "a", camera: { id: "north", state: "stalled" } },
      { site: "c", camera: { id: "north", state: "lost" } },
    ]);
    expect(now.sites[0]?.cameras[0]?.state).toBe("stalled");
    const section = (name: string, median_s: number) =>
      ({ section: name, name, median_s }) as Overview["travel_times"][number];
    const times = withTravelTimes(withTravelTimes(overview(), [section("z", 9), section("y", 8)]), [
      section("z", 7),
    ]).travel_times;
    expect(times.map(({ section: id, median_s }) => [id, median_s])).toEqual([
      ["y", 8],
      ["z", 7],
    ]);
  });
});

describe("the map's grid", () => {
  it("has a round step", () => {
    expect([0.06, 1, 7, 360].map(stepOf)).toEqual([0.01, 0.1, 1, 50]);
  });
});

import { describe, expect, it } from "vitest";
import { gauge } from "./gauge";
import { bands, ticks } from "./signalBands";

const at = (second: number) => new Date(second * 1000).toISOString();
const group = (...changes: [number, string][]) => ({
  group: "N",
  dropped: 0,
  history: changes.map(([second, state]) => ({ time: at(second), state })),
});

describe("bands", () => {
  it("cover the span without holes", () => {
    const made = bands(
      group([5, "red"], [12, "green"], [18, "yellow"], [40, "red"]),
      10_000,
      30_000,
    );
    expect(made).toEqual([
      { from: 10_000, to: 12_000, state: "red" },
      { from: 12_000, to: 18_000, state: "green" },
      { from: 18_000, to: 30_000, state: "yellow" },
    ]);
  });

  it("do not guess what was before the first record", () => {
    expect(bands(group([20, "red"]), 10_000, 30_000)[0]?.state).toBe("unknown");
    expect(bands(group(), 10_000, 30_000)).toEqual([
      { from: 10_000, to: 30_000, state: "unknown" },
    ]);
    expect(bands(group([1, "flashing"]), 10_000, 30_000)[0]?.state).toBe("unknown");
  });
});

describe("ticks", () => {
  it("are round and few", () => {
    expect(ticks(0, 300_000)).toEqual([0, 60_000, 120_000, 180_000, 240_000, 300_000]);
    expect(ticks(1500, 17_500)).toEqual([5000, 10_000, 15_000]);
  });
});

describe("gauge", () => {
  it("keeps the order of what it shows and stays inside", () => {
    const bar = gauge(1.9, 1.7, 2.1, 0.3);
    expect(bar.limit).toBeGreaterThan(0);
    expect(bar.limit).toBeLessThan(bar.low);
    expect(bar.low).toBeLessThan(bar.value);
    expect(bar.value).toBeLessThan(bar.high);
    expect(bar.high).toBeLessThan(200);
  });

  it("has a place for a value without an interval", () => {
    const bar = gauge(0, 0, 0, undefined);
    expect(Number.isFinite(bar.value)).toBe(true);
    expect(bar.limit).toBeUndefined();
  });
});

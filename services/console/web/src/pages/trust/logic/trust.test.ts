import { describe, expect, it } from "vitest";
import { newer, older, PAGE, pageBefore } from "./paging";
import { axisEnd, byCount, type Share } from "./share";

describe("pages of the audit log", () => {
  it("show every line once, from the newest to the oldest and back", () => {
    for (const entries of [0, 1, PAGE, PAGE + 1, 3 * PAGE + 7]) {
      const seen: number[] = [];
      let before: number | null = null;
      for (let turn = 0; turn < 10; turn += 1) {
        const page = pageBefore(entries, before);
        for (let n = page.from + page.lines - 1; n >= page.from; n -= 1) seen.push(n);
        before = older(page);
        if (before === null) break;
      }
      expect(seen).toEqual(Array.from({ length: entries }, (_, n) => entries - 1 - n));
    }
    const oldest = pageBefore(120, 20);
    expect(newer(oldest, 120)).toBe(20 + PAGE);
    expect(newer(pageBefore(120, null), 120)).toBeNull();
  });
});

describe("shares", () => {
  const share = (count: number, of: number, high: number): Share => ({
    count,
    of,
    share: 0,
    low: 0,
    high,
  });

  it("have an axis that few cases do not stretch", () => {
    expect(axisEnd([share(1, 200, 0.03)])).toBe(0.1);
    expect(axisEnd([share(1, 200, 0.03), share(0, 3, 0.56)])).toBe(0.1);
    expect(axisEnd([share(0, 3, 0.56)])).toBe(1);
    expect(axisEnd([])).toBe(0.1);
  });

  it("name the most frequent reason first", () => {
    expect(byCount({ b: 2, a: 2, c: 5 })).toEqual([
      ["c", 5],
      ["a", 2],
      ["b", 2],
    ]);
  });
});

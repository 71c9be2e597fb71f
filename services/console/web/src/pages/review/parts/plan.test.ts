import { describe, expect, it } from "vitest";
import { chevrons } from "./PlanSketch";

describe("the way of a lane", () => {
  it("is marked along its centreline, from its end", () => {
    const east = chevrons([
      [0, 0],
      [20, 0],
    ]);
    expect(east.map(({ at }) => at[0])).toEqual([15.5, 6.5]);
    expect(east.every(({ degrees }) => Math.abs(degrees) === 0)).toBe(true);
  });

  it("goes round a bend, upwards on the screen where it goes north", () => {
    const bend = chevrons([
      [-4, 0],
      [5, 0],
      [5, 0],
      [5, 8],
    ]);
    expect(bend).toEqual([
      { at: [5, 3.5], degrees: -90 },
      { at: [-0.5, 0], degrees: -0 },
    ]);
  });

  it("has no marks where there is no line", () => {
    expect(chevrons([[1, 2]])).toEqual([]);
    expect(chevrons([])).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import { corners, pathOf, project, scaleLength, stripes, toDrawing, withRatio } from "./geometry";
import { LatestTracks } from "./source";

const near = (point: readonly number[], wanted: readonly number[]) => {
  expect(point[0]).toBeCloseTo(wanted[0] ?? 0, 6);
  expect(point[1]).toBeCloseTo(wanted[1] ?? 0, 6);
};

describe("footprints", () => {
  it("has the front at the front, whatever the heading", () => {
    // Looks north: the front edge lies on y = 20, the rear 4 m south of it.
    const [frontLeft, frontRight, rearRight, rearLeft] = corners({
      front_m: [10, 20],
      heading_rad: Math.PI / 2,
      length_m: 4,
      width_m: 2,
    });
    near(frontLeft, [9, 20]);
    near(frontRight, [11, 20]);
    near(rearRight, [11, 16]);
    near(rearLeft, [9, 16]);
  });

  it("keeps lengths and right angles at any heading", () => {
    for (let heading = -4; heading < 4; heading += 0.37) {
      const [a, b, c] = corners({
        front_m: [3, -7],
        heading_rad: heading,
        length_m: 12,
        width_m: 2.5,
      });
      expect(Math.hypot(a[0] - b[0], a[1] - b[1])).toBeCloseTo(2.5);
      expect(Math.hypot(c[0] - b[0], c[1] - b[1])).toBeCloseTo(12);
      const dot = (a[0] - b[0]) * (c[0] - b[0]) + (a[1] - b[1]) * (c[1] - b[1]);
      expect(dot).toBeCloseTo(0);
    }
  });
});

describe("frames", () => {
  const frame = withRatio([0, 0, 100, 20], 2);

  it("widens about the middle and turns y over", () => {
    expect(frame).toEqual({ left: 0, top: 35, width: 100, height: 50 });
    near(toDrawing(frame, [0, 35]), [0, 0]);
    near(toDrawing(frame, [50, 10]), [50, 25]);
  });

  it("writes paths", () => {
    expect(
      pathOf(
        frame,
        [
          [0, 35],
          [100, -15],
        ],
        true,
      ),
    ).toBe("M0.00 0.00L100.00 50.00z");
  });

  it("never becomes a point", () => {
    const { width, height } = withRatio([5, 5, 5, 5], 1.5);
    expect(width).toBeGreaterThanOrEqual(10);
    expect(height).toBeGreaterThanOrEqual(6);
  });

  it("has a round scale bar of at most a fifth", () => {
    for (const width of [7, 60, 99, 100, 440, 12_345]) {
      const bar = scaleLength({ left: 0, top: 0, width, height: width });
      expect(bar).toBeLessThanOrEqual(width / 5);
      expect(bar).toBeGreaterThan(width / 13);
      expect(String(bar)).toMatch(/^0?\.?[125]0*$/);
    }
  });
});

describe("crossings", () => {
  it("lays stripes along the axis, and stops somewhere", () => {
    const made = stripes(
      [
        [0, 0],
        [10, 0],
      ],
      2.8,
    );
    expect(made).toHaveLength(10);
    near(made[0]?.[0] ?? [], [0.25, 1.4]);
    expect(
      stripes(
        [
          [0, 0],
          [1e6, 0],
        ],
        3,
      ),
    ).toHaveLength(400);
    expect(
      stripes(
        [
          [1, 1],
          [1, 1],
        ],
        3,
      ),
    ).toHaveLength(0);
    expect(stripes([], 3)).toHaveLength(0);
  });
});

describe("projection", () => {
  it("applies a homography row by row", () => {
    near(project([2, 0, 5, 0, 3, 7, 0, 0, 1], [1, 1]) ?? [], [7, 10]);
    near(project([1, 0, 0, 0, 1, 0, 0.1, 0, 1], [10, 4]) ?? [], [5, 2]);
    expect(project([1, 0, 0, 0, 1, 0, 1, 0, -1], [1, 4])).toBeUndefined();
  });
});

describe("tracks", () => {
  const at = (second: number, camera = "north") => ({
    site: "a",
    camera,
    time: `2026-06-01T07:00:${String(second).padStart(2, "0")}.000000Z`,
    more: 0,
    still: false,
    tracks: [],
  });

  it("never turn back, and are found by time", () => {
    const tracks = new LatestTracks();
    for (const second of [1, 2, 4, 3, 5]) tracks.put(at(second));
    tracks.put(at(9, "south"));
    expect(tracks.newest("north")?.time).toBe(at(5).time);
    expect(tracks.near("north", "2026-06-01T07:00:03.600Z")?.time).toBe(at(4).time);
    expect(tracks.near("north", undefined)?.time).toBe(at(5).time);
    expect(tracks.near("west", undefined)).toBeUndefined();
  });

  it("are kept for a few seconds only", () => {
    const tracks = new LatestTracks();
    for (let second = 0; second < 60; second += 1) tracks.put(at(second));
    expect(tracks.near("north", at(0).time)?.time).toBe(at(30).time);
  });
});

import { describe, expect, test } from "vitest";
import { exampleCamera, examplePoints } from "../model/example";
import { solve } from "./advice";
import { poseOf } from "./camera";
import { fromDistances, groundOf, type LevelCamera } from "./from_distances";
import {
  fit,
  fromMatrix,
  type Homography,
  metresPerPixel,
  type Pair,
  residualOf,
  toGround,
  toImage,
} from "./homography";
import type { Vec2 } from "./matrix";
import { areaOf, arrowAt, band, gridLines, isSimple, projectArea, projectLine } from "./project";

const camera = exampleCamera();
const SIZE = { width_px: camera.width_px, height_px: camera.height_px };

function fitted(points: readonly Pair[]): Homography {
  const result = fit(points);
  if (!result.ok) throw new Error(result.why);
  return result.homography;
}

/** Computed once from examples/junction/site.toml by numpy.linalg.svd, scaled to a last cell of 1. */
const REFERENCE = [
  -3.9288008248092448, -5.406412494776782, 2289.180386248654, 0.325265024981204,
  -0.8248765961628477, 227.29237607312749, 0.0020575595533212873, -0.005214712306664476, 1,
];

describe("the map between road and picture", () => {
  test("is the one of an independent computation", () => {
    const h = fitted(examplePoints());
    const last = h.ground_to_image[8];
    h.ground_to_image.forEach((cell, index) => {
      const wanted = REFERENCE[index] ?? 0;
      expect(Math.abs(cell / last - wanted)).toBeLessThan(1e-7 * Math.max(1, Math.abs(wanted)));
    });
    expect(h.residual_m).toBeCloseTo(0.0048358780424909275, 9);
    const residuals = examplePoints().map((p) => residualOf(h, p));
    expect(residuals[0]).toBeCloseTo(0.004342490862062583, 9);
    expect(residuals[3]).toBeCloseTo(0.009019880288835895, 9);
    expect(residuals[9]).toBeCloseTo(0.00031371070555235464, 9);
  });

  test("puts the example's stop line where it is seen, and pixels on the road", () => {
    const h = fitted(examplePoints());
    const end = toImage(h, [213.6, 230.4]);
    expect(end?.[0]).toBeCloseTo(858.5278305438737, 6);
    expect(end?.[1]).toBeCloseTo(448.34540637083427, 6);
    const spot = toGround(h, [200, 600]);
    expect(spot?.[0]).toBeCloseTo(228.1785133435239, 6);
    expect(spot?.[1]).toBeCloseTo(251.82120431685493, 6);
    expect(toGround(h, [640, -300])).toBeNull();
    expect(metresPerPixel(h, [200, 600])).toBeGreaterThan(0.01);
  });

  test("is undone by its inverse", () => {
    const h = fitted(examplePoints());
    for (const px of [
      [10, 700],
      [640, 360],
      [1270, 420],
    ] as Vec2[]) {
      const back = toImage(h, toGround(h, px) ?? [0, 0]);
      expect(back?.[0]).toBeCloseTo(px[0], 6);
      expect(back?.[1]).toBeCloseTo(px[1], 6);
    }
    expect(fromMatrix([1, 0, 0, 0, 0, 0, 0, 0, 1])).toBeNull();
  });

  test("refuses what defines none", () => {
    const points = examplePoints();
    expect(fit(points.slice(0, 3))).toEqual({ ok: false, why: "too_few" });
    const line = [0, 1, 2, 3].map(
      (k) => ({ image_px: [k * 10, k * 10], ground_m: [k, k] }) as Pair,
    );
    expect(fit(line)).toEqual({ ok: false, why: "degenerate" });
    const same = line.map(() => ({ image_px: [5, 5], ground_m: [1, 1] }) as Pair);
    expect(fit(same)).toEqual({ ok: false, why: "degenerate" });
  });

  test("tells where the camera hangs", () => {
    const pose = poseOf(fitted(examplePoints()), SIZE.width_px, SIZE.height_px);
    expect(pose?.position_m[2]).toBeGreaterThan(3);
    expect(pose?.position_m[2]).toBeLessThan(30);
    expect(pose?.focal_is_assumed).toBe(false);
    const mirrored = examplePoints().map((p) => ({
      ...p,
      ground_m: [-p.ground_m[0], p.ground_m[1]] as Vec2,
    }));
    expect(poseOf(fitted(mirrored), SIZE.width_px, SIZE.height_px)).toBeNull();
  });
});

describe("advice", () => {
  const advise = (points: Pair[], limit = 0.25) =>
    solve({ ...SIZE, points, residual_m_max: limit });
  const kinds = (points: Pair[]) => advise(points).advice.map((a) => a.kind);

  test("the example's points are good", () => {
    const solution = advise(examplePoints());
    expect(solution.advice.map((a) => a.kind)).toEqual(["good"]);
    expect(solution.sound).toBe(true);
    expect(solution.residuals).toHaveLength(10);
    expect((solution.max_m ?? 1) * 100).toBeLessThan(1);
  });

  test("names the one point that is off", () => {
    for (let wrong = 0; wrong < 10; wrong += 1) {
      const points = examplePoints().map((p, i) =>
        i === wrong ? { ...p, ground_m: [p.ground_m[0] + 3, p.ground_m[1] - 2] as Vec2 } : p,
      );
      const off = advise(points).advice.find((a) => a.kind === "point_off");
      expect(off).toMatchObject({ kind: "point_off", point: wrong });
    }
  });

  test("says what is missing and what is worthless", () => {
    const points = examplePoints();
    expect(kinds(points.slice(0, 2))).toEqual(["too_few"]);
    expect(
      kinds([points[0], points[2], points[5], points[9]].flatMap((p) => (p ? [p] : []))),
    ).toEqual(["no_check"]);
    const line = [0, 1, 2, 3, 4].map(
      (k) => ({ image_px: [100 + k * 90, 600 - k * 50], ground_m: [k * 3, k * 4] }) as Pair,
    );
    expect(kinds(line)).toContain("on_one_line");
    const twice = [...points.slice(0, 5), points[0]].flatMap((p) => (p ? [p] : []));
    expect(kinds(twice)).toContain("same_spot");
    const mirrored = points.map((p) => ({
      ...p,
      ground_m: [-p.ground_m[0], p.ground_m[1]] as Vec2,
    }));
    expect(kinds(mirrored)).toContain("mirrored");
    expect(advise(mirrored).sound).toBe(false);
  });

  test("warns of points in one corner", () => {
    const h = fitted(examplePoints());
    const corner: Vec2[] = [
      [500, 500],
      [560, 505],
      [570, 560],
      [505, 570],
      [530, 530],
    ];
    const points = corner.map(
      (image_px) => ({ image_px, ground_m: toGround(h, image_px) ?? [0, 0] }) as Pair,
    );
    expect(kinds(points)).toContain("little_spread");
  });
});

describe("known distances", () => {
  const truth: LevelCamera = { focal_px: 1280, tilt_rad: 0.42, height_m: 8.5, miss: 0 };
  const known = (a: Vec2, b: Vec2) => {
    const [ga, gb] = [a, b].map((p) => groundOf(truth, p, 1280, 720)) as [Vec2, Vec2];
    return { from_px: a, to_px: b, length_m: Math.hypot(ga[0] - gb[0], ga[1] - gb[1]) };
  };

  test("two give height and tilt for the usual lens", () => {
    const result = fromDistances(
      [known([300, 640], [900, 650]), known([500, 200], [760, 210])],
      1280,
      720,
    );
    if (!result.ok) throw new Error(result.why);
    expect(result.camera.height_m).toBeCloseTo(8.5, 2);
    expect(result.camera.tilt_rad).toBeCloseTo(0.42, 3);
    expect(result.points).toHaveLength(4);
    expect(fit(result.points).ok).toBe(true);
  });

  test("three give the lens too", () => {
    const narrow = { ...truth, focal_px: 1800 };
    const of = (a: Vec2, b: Vec2) => {
      const [ga, gb] = [a, b].map((p) => groundOf(narrow, p, 1280, 720)) as [Vec2, Vec2];
      return { from_px: a, to_px: b, length_m: Math.hypot(ga[0] - gb[0], ga[1] - gb[1]) };
    };
    const result = fromDistances(
      [of([300, 640], [900, 650]), of([500, 150], [760, 160]), of([400, 600], [520, 220])],
      1280,
      720,
    );
    if (!result.ok) throw new Error(result.why);
    expect(result.camera.focal_px / 1800).toBeCloseTo(1, 1);
    expect(result.camera.height_m).toBeCloseTo(8.5, 0);
  });

  test("distances of one row tell nothing", () => {
    const result = fromDistances(
      [known([300, 640], [600, 640]), known([600, 645], [900, 645])],
      1280,
      720,
    );
    expect(result).toEqual({ ok: false, why: "parallel_rows" });
    expect(fromDistances([], 1280, 720)).toEqual({ ok: false, why: "too_few" });
  });
});

describe("shapes", () => {
  test("a lane that runs below the camera is cut off, not mirrored", () => {
    const h = fitted(examplePoints());
    const pieces = projectLine(
      h,
      [
        [218.4, 440],
        [218.4, 230.4],
      ],
      1280,
      720,
    );
    expect(pieces).toHaveLength(1);
    for (const [x, y] of pieces[0] ?? [])
      expect(Number.isFinite(x) && Number.isFinite(y)).toBe(true);
    expect(pieces[0]?.at(-1)?.[0]).toBeCloseTo(toImage(h, [218.4, 230.4])?.[0] ?? 0, 6);
    expect(
      projectArea(
        h,
        [
          [0, 500],
          [10, 500],
          [10, 520],
        ],
        1280,
        720,
      ),
    ).toEqual([]);
  });

  test("the grid covers the road and stays bounded", () => {
    const h = fitted(examplePoints());
    const lines = gridLines(h, 1280, 720, 5, 80);
    expect(lines.length).toBeGreaterThan(8);
    expect(lines.length).toBeLessThan(200);
  });

  test("bands, arrows, polygons", () => {
    expect(
      band(
        [
          [0, 0],
          [10, 0],
        ],
        4,
      ),
    ).toEqual([
      [0, 2],
      [10, 2],
      [10, -2],
      [0, -2],
    ]);
    expect(
      arrowAt(
        [
          [0, 0],
          [10, 0],
        ],
        0.5,
      ),
    ).toEqual({ at: [5, 0], direction: [1, 0] });
    expect(
      isSimple([
        [0, 0],
        [4, 0],
        [4, 4],
        [0, 4],
      ]),
    ).toBe(true);
    expect(
      isSimple([
        [0, 0],
        [4, 4],
        [4, 0],
        [0, 4],
      ]),
    ).toBe(false);
    expect(
      areaOf([
        [0, 0],
        [4, 0],
        [4, 4],
        [0, 4],
      ]),
    ).toBe(16);
  });
});

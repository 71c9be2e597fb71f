// What to say about ground points while they are being clicked. The limits are those of
// `wayside site check`, so that the page never promises what the check refuses.

import { type CameraPose, poseOf } from "./camera";
import { fit, type Homography, type Pair, residualOf, residualPxOf } from "./homography";
import { distance, type Vec2 } from "./matrix";

const APART_PX = 0.5;
const APART_M = 0.01;
const AXES_RATIO_MIN = 0.01;
/** Points that fill less of the picture than this leave the rest to chance. */
const SPREAD_SHARE_MIN = 0.12;
/** A point whose leaving brings the others' residual under this share of before is the one that is off. */
const OFF_SHARE = 0.4;
/** Under this the picture is as good as clicking can be; nothing is said of single points. */
const FINE_M = 0.05;

export type Advice =
  | { kind: "too_few"; missing: number }
  | { kind: "same_spot"; points: [number, number] }
  | { kind: "on_one_line"; where: "picture" | "ground" }
  | { kind: "outside"; point: number }
  | { kind: "behind_camera" }
  | { kind: "mirrored" }
  | { kind: "no_check" }
  | { kind: "point_off"; point: number; residual_m: number; without_m: number }
  | { kind: "over_limit"; residual_m: number; limit_m: number }
  | { kind: "near_limit"; residual_m: number; limit_m: number }
  | { kind: "little_spread"; share: number }
  | { kind: "focal_assumed"; focal_px: number }
  | { kind: "good"; residual_m: number };

export interface Residual {
  error_m: number;
  error_px: number;
}

export interface Solution {
  homography: Homography | null;
  pose: CameraPose | null;
  residuals: (Residual | null)[];
  /** Mean and largest residual, metres; null without a map. */
  mean_m: number | null;
  max_m: number | null;
  advice: Advice[];
  /** Whether `wayside site check` would take the points. */
  sound: boolean;
}

export interface SolveInput {
  width_px: number;
  height_px: number;
  points: readonly Pair[];
  residual_m_max: number;
  focal_px?: number | null;
}

const SERIOUS: ReadonlySet<Advice["kind"]> = new Set([
  "too_few",
  "same_spot",
  "on_one_line",
  "outside",
  "behind_camera",
  "mirrored",
  "over_limit",
]);

export function isSerious(advice: Advice): boolean {
  return SERIOUS.has(advice.kind);
}

export function solve(input: SolveInput): Solution {
  const { points, width_px, height_px, residual_m_max: limit } = input;
  const advice: Advice[] = pointAdvice(input);
  const fitted = fit(points);
  const homography = fitted.ok ? fitted.homography : null;
  if (!fitted.ok && fitted.why === "behind_camera") advice.push({ kind: "behind_camera" });
  if (!fitted.ok && fitted.why === "degenerate" && advice.length === 0) {
    advice.push({ kind: "on_one_line", where: "picture" });
  }
  const residuals = points.map((pair) =>
    homography
      ? { error_m: residualOf(homography, pair), error_px: residualPxOf(homography, pair) }
      : null,
  );
  const pose = homography ? poseOf(homography, width_px, height_px, input.focal_px) : null;
  if (homography) {
    if (!pose) advice.push({ kind: "mirrored" });
    advice.push(...fitAdvice(points, homography, limit));
    const share = spreadShare(
      points.map((p) => p.image_px),
      width_px,
      height_px,
    );
    if (share < SPREAD_SHARE_MIN) advice.push({ kind: "little_spread", share });
    if (pose?.focal_is_assumed) advice.push({ kind: "focal_assumed", focal_px: pose.focal_px });
    if (advice.length === 0) advice.push({ kind: "good", residual_m: homography.residual_m });
  }
  const errors = residuals.flatMap((r) => (r ? [r.error_m] : []));
  return {
    homography,
    pose,
    residuals,
    mean_m: errors.length ? errors.reduce((a, b) => a + b, 0) / errors.length : null,
    max_m: errors.length ? Math.max(...errors) : null,
    advice,
    sound: homography !== null && !advice.some(isSerious),
  };
}

function pointAdvice({ points, width_px, height_px }: SolveInput): Advice[] {
  if (points.length < 4) return [{ kind: "too_few", missing: 4 - points.length }];
  const advice: Advice[] = [];
  points.forEach((point, index) => {
    const [x, y] = point.image_px;
    if (x < 0 || y < 0 || x > width_px || y > height_px)
      advice.push({ kind: "outside", point: index });
    const twin = points
      .slice(0, index)
      .findIndex(
        (earlier) =>
          distance(earlier.image_px, point.image_px) < APART_PX ||
          distance(earlier.ground_m, point.ground_m) < APART_M,
      );
    if (twin >= 0) advice.push({ kind: "same_spot", points: [twin, index] });
  });
  if (advice.length === 0) {
    if (onOneLine(points.map((p) => p.ground_m)))
      advice.push({ kind: "on_one_line", where: "ground" });
    else if (onOneLine(points.map((p) => p.image_px))) {
      advice.push({ kind: "on_one_line", where: "picture" });
    }
  }
  return advice;
}

function fitAdvice(points: readonly Pair[], homography: Homography, limit: number): Advice[] {
  const residual_m = homography.residual_m;
  // Four points always fit: their residuals say nothing.
  if (points.length === 4) return [{ kind: "no_check" }];
  const advice: Advice[] = [];
  const off = residual_m > FINE_M ? pointOff(points, residual_m) : null;
  if (off) advice.push(off);
  if (!(residual_m <= limit)) advice.push({ kind: "over_limit", residual_m, limit_m: limit });
  else if (residual_m > limit / 2) advice.push({ kind: "near_limit", residual_m, limit_m: limit });
  return advice;
}

/** The point without which the others fit far better; needs six, since five without one always fit. */
function pointOff(points: readonly Pair[], residual_m: number): Advice | null {
  if (points.length < 6) return null;
  let best: { point: number; without_m: number } | null = null;
  points.forEach((_, index) => {
    const others = fit(points.filter((_, other) => other !== index));
    if (!others.ok) return;
    const without_m = others.homography.residual_m;
    if (!best || without_m < best.without_m) best = { point: index, without_m };
  });
  // The closure hides the assignment from the compiler.
  const found = best as { point: number; without_m: number } | null;
  if (!found || !(found.without_m < residual_m * OFF_SHARE)) return null;
  return { kind: "point_off", point: found.point, residual_m, without_m: found.without_m };
}

/** Whether the scatter of the points is as thin as a line. */
export function onOneLine(points: readonly Vec2[]): boolean {
  const cx = points.reduce((sum, p) => sum + p[0], 0) / points.length;
  const cy = points.reduce((sum, p) => sum + p[1], 0) / points.length;
  let [xx, xy, yy] = [0, 0, 0];
  for (const [x, y] of points) {
    xx += (x - cx) ** 2;
    xy += (x - cx) * (y - cy);
    yy += (y - cy) ** 2;
  }
  const middle = (xx + yy) / 2;
  const spread = Math.sqrt((xx - yy) ** 2 / 4 + xy * xy);
  return middle - spread <= AXES_RATIO_MIN ** 2 * (middle + spread);
}

/** Area of the convex hull of the points, as a share of the picture. */
export function spreadShare(points: readonly Vec2[], width_px: number, height_px: number): number {
  const hull = convexHull(points);
  let area = 0;
  hull.forEach((a, index) => {
    const b = hull[(index + 1) % hull.length] ?? a;
    area += a[0] * b[1] - b[0] * a[1];
  });
  return Math.abs(area) / 2 / (width_px * height_px);
}

/** Andrew's monotone chain. */
function convexHull(points: readonly Vec2[]): Vec2[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (along: readonly Vec2[]): Vec2[] => {
    const chain: Vec2[] = [];
    for (const p of along) {
      for (;;) {
        const a = chain[chain.length - 2];
        const b = chain[chain.length - 1];
        if (!a || !b) break;
        if ((b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]) > 0) break;
        chain.pop();
      }
      chain.push(p);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half([...sorted].reverse())];
}

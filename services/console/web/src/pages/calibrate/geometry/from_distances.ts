// A first map from known distances alone, for those who have no plan: the camera is taken to stand
// level (no roll), with square pixels and its principal point in the middle. Two distances give height
// and tilt for a usual lens; three or more give the lens too. The origin is the point below the camera,
// north is where it looks. Nothing checks such a map: the page says so and shows the grid.

import type { Pair } from "./homography";
import { distance, type Vec2 } from "./matrix";

export interface KnownDistance {
  from_px: Vec2;
  to_px: Vec2;
  length_m: number;
}

export interface LevelCamera {
  focal_px: number;
  /** How far the camera looks down, radians. */
  tilt_rad: number;
  height_m: number;
  /** Root mean square of the relative misses of the distances. */
  miss: number;
}

export type DistanceFit =
  | { ok: true; camera: LevelCamera; points: Pair[] }
  | { ok: false; why: "too_few" | "no_solution" | "above_horizon" | "parallel_rows" };

const MISS_MAX = 0.25;
const HEIGHT_M: readonly [number, number] = [0.5, 300];

/** `focal_px` where the lens is known; else a lens of 53 degrees across for two distances. */
export function fromDistances(
  known: readonly KnownDistance[],
  width_px: number,
  height_px: number,
  focal_px?: number | null,
): DistanceFit {
  const usable = known.filter((k) => k.length_m > 0 && distance(k.from_px, k.to_px) > 3);
  if (usable.length < 2) return { ok: false, why: "too_few" };
  const rows = usable.flatMap((k) => [k.from_px[1], k.to_px[1]]);
  if (Math.max(...rows) - Math.min(...rows) < height_px * 0.05)
    return { ok: false, why: "parallel_rows" };
  const lenses =
    focal_px != null
      ? [focal_px]
      : usable.length >= 3
        ? Array.from({ length: 61 }, (_, i) => width_px * 0.4 * 1.035 ** i)
        : [width_px];
  let best: LevelCamera | null = null;
  for (const focal of lenses) {
    for (let tilt = 0.02; tilt < 1.55; tilt += 0.005) {
      best = better(best, tryTilt(usable, width_px, height_px, focal, tilt));
    }
  }
  if (!best) return { ok: false, why: "above_horizon" };
  // Finer and finer around the best.
  const freeLens = lenses.length > 1;
  for (let span = 0.005, lens = 0.035; span > 1e-7; span /= 3, lens /= 3) {
    const around: LevelCamera = best;
    for (let i = -6; i <= 6; i += 1) {
      for (let j = freeLens ? -4 : 0; j <= (freeLens ? 4 : 0); j += 1) {
        const tilt = around.tilt_rad + (i / 6) * span;
        const focal = around.focal_px * (1 + (j / 4) * lens);
        best = better(best, tryTilt(usable, width_px, height_px, focal, tilt)) ?? around;
      }
    }
  }
  const camera = best;
  if (camera.miss > MISS_MAX || camera.height_m < HEIGHT_M[0] || camera.height_m > HEIGHT_M[1]) {
    return { ok: false, why: "no_solution" };
  }
  const spots = usable.flatMap((k) => [k.from_px, k.to_px]);
  const apart = spots.filter((p, i) => spots.findIndex((q) => distance(p, q) < 2) === i);
  const points = apart.flatMap((image_px) => {
    const ground_m = groundOf(camera, image_px, width_px, height_px);
    return ground_m ? [{ image_px, ground_m }] : [];
  });
  if (points.length < 4) return { ok: false, why: "too_few" };
  return { ok: true, camera, points };
}

function better(a: LevelCamera | null, b: LevelCamera | null): LevelCamera | null {
  if (!a || !b) return a ?? b;
  return b.miss < a.miss ? b : a;
}

function tryTilt(
  known: readonly KnownDistance[],
  width_px: number,
  height_px: number,
  focal_px: number,
  tilt_rad: number,
): LevelCamera | null {
  const unit: LevelCamera = { focal_px, tilt_rad, height_m: 1, miss: 0 };
  const logs: number[] = [];
  for (const k of known) {
    const a = groundOf(unit, k.from_px, width_px, height_px);
    const b = groundOf(unit, k.to_px, width_px, height_px);
    if (!a || !b) return null;
    logs.push(Math.log(k.length_m / distance(a, b)));
  }
  if (!logs.every(Number.isFinite)) return null;
  const mean = logs.reduce((s, v) => s + v, 0) / logs.length;
  const miss = Math.sqrt(logs.reduce((s, v) => s + (v - mean) ** 2, 0) / logs.length);
  return { focal_px, tilt_rad, height_m: Math.exp(mean), miss };
}

/** Where a pixel is on the road: x to the right of the camera, y ahead of it, metres. */
export function groundOf(
  camera: LevelCamera,
  image_px: Vec2,
  width_px: number,
  height_px: number,
): Vec2 | null {
  const u = (image_px[0] - width_px / 2) / camera.focal_px;
  const v = (image_px[1] - height_px / 2) / camera.focal_px;
  const [sin, cos] = [Math.sin(camera.tilt_rad), Math.cos(camera.tilt_rad)];
  const down = sin + v * cos;
  if (down <= 1e-4) return null;
  const t = camera.height_m / down;
  return [t * u, t * (cos - v * sin)];
}

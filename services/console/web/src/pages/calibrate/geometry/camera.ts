// Where the camera hangs, from the homography: square pixels, principal point in the middle, no lens
// distortion (Zhang, A Flexible New Technique for Camera Calibration, 2000, section 2.4). It serves to
// tell mirrored points and absurd lenses; the road plane itself needs the homography alone.

import type { Homography } from "./homography";
import { type Mat3, multiply, type Vec3 } from "./matrix";

export interface CameraPose {
  /** East, north, height above the road, metres. */
  position_m: Vec3;
  focal_px: number;
  /** Whether the points do not tell the focal length, so that a usual one stands in for it. */
  focal_is_assumed: boolean;
}

/** None where the points put the camera below the road, as mirrored coordinates do. */
export function poseOf(
  homography: Homography,
  width_px: number,
  height_px: number,
  focal_px?: number | null,
): CameraPose | null {
  const centre: Mat3 = [1, 0, -width_px / 2, 0, 1, -height_px / 2, 0, 0, 1];
  const m = multiply(centre, homography.ground_to_image);
  const derived = focal_px ?? focalFrom(m, width_px);
  const focal = derived ?? width_px;
  const h1: Vec3 = [m[0] / focal, m[3] / focal, m[6]];
  const h2: Vec3 = [m[1] / focal, m[4] / focal, m[7]];
  const h3: Vec3 = [m[2] / focal, m[5] / focal, m[8]];
  const scale = (norm(h1) + norm(h2)) / 2;
  const [r1, r2] = orthonormal(by(h1, 1 / scale), by(h2, 1 / scale));
  const r3 = crossed(r1, r2);
  const t = by(h3, 1 / scale);
  const position_m: Vec3 = [-dotted(r1, t), -dotted(r2, t), -dotted(r3, t)];
  if (!(position_m[2] > 0)) return null;
  return { position_m, focal_px: focal, focal_is_assumed: derived === null };
}

function focalFrom(m: Mat3, width_px: number): number | null {
  const [ax, ay, az] = [m[0], m[3], m[6]];
  const [bx, by_, bz] = [m[1], m[4], m[7]];
  // Both conditions are linear in 1 / f^2.
  const orthogonal = [ax * bx + ay * by_, az * bz] as const;
  const equal = [ax * ax + ay * ay - bx * bx - by_ * by_, az * az - bz * bz] as const;
  const weight = orthogonal[0] ** 2 + equal[0] ** 2;
  const inverseSquare = -(orthogonal[0] * orthogonal[1] + equal[0] * equal[1]) / weight;
  const focal = Math.sqrt(1 / inverseSquare);
  const plausible = focal >= width_px * 0.233 && focal <= width_px * 3.8;
  return Number.isFinite(focal) && plausible ? focal : null;
}

/** The nearest pair of orthonormal vectors to two that nearly are: each gives half of the angle. */
function orthonormal(a: Vec3, b: Vec3): [Vec3, Vec3] {
  const ua = by(a, 1 / norm(a));
  const ub = by(b, 1 / norm(b));
  const sum = plus(ua, ub);
  const difference = plus(ua, by(ub, -1));
  const p = by(sum, 1 / norm(sum));
  const q = by(difference, 1 / norm(difference));
  return [by(plus(p, q), Math.SQRT1_2), by(plus(p, by(q, -1)), Math.SQRT1_2)];
}

const norm = (a: Vec3): number => Math.hypot(a[0], a[1], a[2]);
const by = (a: Vec3, k: number): Vec3 => [a[0] * k, a[1] * k, a[2] * k];
const plus = (a: Vec3, b: Vec3): Vec3 => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
const dotted = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const crossed = (a: Vec3, b: Vec3): Vec3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

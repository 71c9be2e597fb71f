// The map between road and picture, as `wayside-site` fits it: the normalised direct linear transform
// (Hartley and Zisserman, Multiple View Geometry, 2nd edition, algorithm 4.2). The same limits hold,
// so that what fits here is accepted there.

import {
  apply,
  determinant,
  distance,
  inverse,
  type Mat3,
  multiply,
  scaled,
  type Vec2,
} from "./matrix";
import { nullVector } from "./null_vector";

/** A point known in the picture (pixels) and on the ground (metres). */
export interface Pair {
  image_px: Vec2;
  ground_m: Vec2;
}

export type Refusal = "too_few" | "degenerate" | "behind_camera";

export interface Homography {
  ground_to_image: Mat3;
  image_to_ground: Mat3;
  /** Root mean square of the residuals, metres. */
  residual_m: number;
}

export type Fit = { ok: true; homography: Homography } | { ok: false; why: Refusal };

const refused = (why: Refusal): Fit => ({ ok: false, why });

export function fit(pairs: readonly Pair[]): Fit {
  if (pairs.length < 4) return refused("too_few");
  const unitGround = normaliser(pairs.map((pair) => pair.ground_m));
  const unitImage = normaliser(pairs.map((pair) => pair.image_px));
  if (!unitGround || !unitImage) return refused("degenerate");
  const unit = directLinearTransform(pairs, unitGround, unitImage);
  const fromUnitImage = inverse(unitImage);
  if (!unit || !fromUnitImage) return refused("degenerate");
  let groundToImage = multiply(multiply(fromUnitImage, unit), unitGround);
  const first = pairs[0];
  // The scale is free: let points before the camera have positive depth.
  if (first && depth(groundToImage, first.ground_m) < 0) groundToImage = scaled(groundToImage, -1);
  if (pairs.some((pair) => depth(groundToImage, pair.ground_m) <= 0)) {
    return refused("behind_camera");
  }
  const homography = fromMatrix(groundToImage);
  if (!homography) return refused("degenerate");
  const squares = pairs.map((pair) => residualOf(homography, pair) ** 2);
  const residual_m = Math.sqrt(squares.reduce((sum, s) => sum + s, 0) / pairs.length);
  return { ok: true, homography: { ...homography, residual_m } };
}

/** A homography from its matrix, as the server sends it; none where it has no inverse. */
export function fromMatrix(ground_to_image: Mat3, residual_m = 0): Homography | null {
  const image_to_ground = inverse(ground_to_image);
  return image_to_ground ? { ground_to_image, image_to_ground, residual_m } : null;
}

/** Distance on the ground between a point and where its pixel maps to, metres; infinite above the horizon. */
export function residualOf(homography: Homography, pair: Pair): number {
  const seen = toGround(homography, pair.image_px);
  return seen ? distance(seen, pair.ground_m) : Number.POSITIVE_INFINITY;
}

/** Distance in the picture between a point and where its ground point maps to, pixels. */
export function residualPxOf(homography: Homography, pair: Pair): number {
  const seen = toImage(homography, pair.ground_m);
  return seen ? distance(seen, pair.image_px) : Number.POSITIVE_INFINITY;
}

/** Depth of a ground point, up to a common factor; positive before the camera. */
export function depth(groundToImage: Mat3, ground: Vec2): number {
  return groundToImage[6] * ground[0] + groundToImage[7] * ground[1] + groundToImage[8];
}

/** Where a ground point is in the picture; none behind the camera. */
export function toImage(homography: Homography, ground: Vec2): Vec2 | null {
  const [x, y, z] = apply(homography.ground_to_image, [ground[0], ground[1], 1]);
  return z > 1e-9 ? [x / z, y / z] : null;
}

/** Where a pixel is on the ground; none on or above the horizon. */
export function toGround(homography: Homography, image: Vec2): Vec2 | null {
  const [x, y, z] = apply(homography.image_to_ground, [image[0], image[1], 1]);
  if (Math.abs(z) < 1e-12) return null;
  const ground: Vec2 = [x / z, y / z];
  // Above the horizon the same line meets the plane behind the camera.
  return depth(homography.ground_to_image, ground) > 1e-9 ? ground : null;
}

/** Metres on the ground that one pixel to the side or down is worth here: the larger of the two. */
export function metresPerPixel(homography: Homography, image: Vec2): number | null {
  const here = toGround(homography, image);
  const right = toGround(homography, [image[0] + 1, image[1]]);
  const down = toGround(homography, [image[0], image[1] + 1]);
  if (!here || !right || !down) return null;
  return Math.max(distance(here, right), distance(here, down));
}

/** Moves the points' centre to the origin and scales their mean distance to the square root of 2. */
function normaliser(points: readonly Vec2[]): Mat3 | null {
  const cx = points.reduce((sum, p) => sum + p[0], 0) / points.length;
  const cy = points.reduce((sum, p) => sum + p[1], 0) / points.length;
  const mean = points.reduce((sum, p) => sum + distance(p, [cx, cy]), 0) / points.length;
  const scale = Math.SQRT2 / mean;
  if (!Number.isFinite(scale)) return null;
  return [scale, 0, -scale * cx, 0, scale, -scale * cy, 0, 0, 1];
}

function directLinearTransform(
  pairs: readonly Pair[],
  groundUnit: Mat3,
  imageUnit: Mat3,
): Mat3 | null {
  const rows: number[][] = [];
  for (const pair of pairs) {
    const [gx, gy] = apply(groundUnit, [pair.ground_m[0], pair.ground_m[1], 1]);
    const [ix, iy] = apply(imageUnit, [pair.image_px[0], pair.image_px[1], 1]);
    rows.push([gx, gy, 1, 0, 0, 0, -ix * gx, -ix * gy, -ix]);
    rows.push([0, 0, 0, gx, gy, 1, -iy * gx, -iy * gy, -iy]);
  }
  const { vector, singular } = nullVector(rows, 9);
  // Two vanishing singular values: the points leave the map open.
  if ((singular[7] ?? 0) < 1e-6 * (singular[0] ?? 0)) return null;
  const [a, b, c, d, e, f, g, h, i] = vector as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const unit: Mat3 = [a, b, c, d, e, f, g, h, i];
  return Math.abs(determinant(unit)) > 1e-9 ? unit : null;
}

// Ground shapes in the picture: what lies behind the camera is cut off first, since it would come out
// mirrored above the horizon. Depth is linear on the road plane, so that the cut is a half-plane.

import { depth, type Homography, toImage } from "./homography";
import { add, cross, distance, dot, length, sub, times, type Vec2 } from "./matrix";

/** Share of the depth at the picture's middle below which nothing is drawn. */
const NEAR_SHARE = 0.02;

interface Cut {
  depthOf: (p: Vec2) => number;
  least: number;
}

function cutOf(h: Homography, width_px: number, height_px: number): Cut {
  const m = h.ground_to_image;
  const depthOf = (p: Vec2): number => depth(m, p);
  const corners: Vec2[] = [
    [width_px / 2, height_px],
    [0, height_px],
    [width_px, height_px],
  ];
  const depths = corners.flatMap((corner) => {
    const [x, y, z] = [
      h.image_to_ground[0] * corner[0] + h.image_to_ground[1] * corner[1] + h.image_to_ground[2],
      h.image_to_ground[3] * corner[0] + h.image_to_ground[4] * corner[1] + h.image_to_ground[5],
      h.image_to_ground[6] * corner[0] + h.image_to_ground[7] * corner[1] + h.image_to_ground[8],
    ];
    const d = depthOf([x / z, y / z]);
    return Number.isFinite(d) && d > 0 ? [d] : [];
  });
  // What is a good deal nearer than the lower edge of the picture is not in it.
  const nearest = depths.length ? Math.min(...depths) : 1e-6;
  return { depthOf, least: nearest * NEAR_SHARE };
}

/** A line of ground points as pieces in the picture. */
export function projectLine(
  h: Homography,
  points: readonly Vec2[],
  width_px: number,
  height_px: number,
): Vec2[][] {
  const { depthOf, least } = cutOf(h, width_px, height_px);
  const pieces: Vec2[][] = [];
  let piece: Vec2[] = [];
  const put = (p: Vec2): void => {
    const seen = toImage(h, p);
    if (seen) piece.push(seen);
  };
  points.forEach((b, index) => {
    const a = points[index - 1];
    const db = depthOf(b) - least;
    if (a) {
      const da = depthOf(a) - least;
      if (da >= 0 !== db >= 0) put(between(a, b, da / (da - db)));
    }
    if (db >= 0) put(b);
    else if (piece.length) {
      pieces.push(piece);
      piece = [];
    }
  });
  if (piece.length) pieces.push(piece);
  return pieces.filter((p) => p.length >= 2);
}

/** An area of ground points in the picture (Sutherland and Hodgman); empty where all is behind. */
export function projectArea(
  h: Homography,
  corners: readonly Vec2[],
  width_px: number,
  height_px: number,
): Vec2[] {
  const { depthOf, least } = cutOf(h, width_px, height_px);
  const kept: Vec2[] = [];
  corners.forEach((b, index) => {
    const a = corners[(index + corners.length - 1) % corners.length] ?? b;
    const [da, db] = [depthOf(a) - least, depthOf(b) - least];
    if (da >= 0 !== db >= 0) kept.push(between(a, b, da / (da - db)));
    if (db >= 0) kept.push(b);
  });
  return kept.flatMap((p) => {
    const seen = toImage(h, p);
    return seen ? [seen] : [];
  });
}

const between = (a: Vec2, b: Vec2, share: number): Vec2 => add(a, times(sub(b, a), share));

/** The band of a width around a line: left side forth, right side back. */
export function band(line: readonly Vec2[], width_m: number): Vec2[] {
  const points = line.filter((p, i) => i === 0 || distance(p, line[i - 1] ?? p) > 1e-9);
  if (points.length < 2) return [];
  const left: Vec2[] = [];
  const right: Vec2[] = [];
  points.forEach((p, index) => {
    const before = points[index - 1];
    const after = points[index + 1];
    const into = before ? unit(sub(p, before)) : null;
    const out = after ? unit(sub(after, p)) : null;
    const a = into ?? out ?? [1, 0];
    const b = out ?? a;
    // The mitre, held back at sharp corners.
    const normal = unit(add(leftOf(a), leftOf(b)));
    const stretch = Math.min(2, 1 / Math.max(0.3, dot(normal, leftOf(a))));
    const offset = times(normal, (width_m / 2) * stretch);
    left.push(add(p, offset));
    right.push(sub(p, offset));
  });
  return [...left, ...right.reverse()];
}

/** How long a line is, in the unit of its points. */
export function lengthOf(line: readonly Vec2[]): number {
  let total = 0;
  line.forEach((p, i) => {
    total += distance(p, line[i - 1] ?? p);
  });
  return total;
}

/** Where and which way to draw the arrow of a line: a point and the direction there. */
export function arrowAt(
  line: readonly Vec2[],
  share: number,
): { at: Vec2; direction: Vec2 } | null {
  let left = lengthOf(line) * share;
  for (let i = 1; i < line.length; i += 1) {
    const a = line[i - 1];
    const b = line[i];
    if (!a || !b) continue;
    const span = distance(a, b);
    if (span > 0 && left <= span)
      return { at: between(a, b, left / span), direction: unit(sub(b, a)) };
    left -= span;
  }
  return null;
}

const unit = (a: Vec2): Vec2 => {
  const l = length(a);
  return l > 0 ? [a[0] / l, a[1] / l] : [1, 0];
};
const leftOf = (a: Vec2): Vec2 => [-a[1], a[0]];

/** Lines of the ground's grid in the part of the road that the picture shows, for the overlay. */
export function gridLines(
  h: Homography,
  width_px: number,
  height_px: number,
  step_m: number,
  reach_m: number,
): Vec2[][] {
  const seen = seenGround(h, width_px, height_px, reach_m);
  if (!seen) return [];
  const [x0, y0, x1, y1] = seen.map((v, i) =>
    i < 2 ? Math.floor(v / step_m) * step_m : Math.ceil(v / step_m) * step_m,
  ) as [number, number, number, number];
  if ((x1 - x0) / step_m + (y1 - y0) / step_m > 400) return [];
  const lines: Vec2[][] = [];
  for (let x = x0; x <= x1 + 1e-9; x += step_m) {
    lines.push(
      ...projectLine(
        h,
        [
          [x, y0],
          [x, y1],
        ],
        width_px,
        height_px,
      ),
    );
  }
  for (let y = y0; y <= y1 + 1e-9; y += step_m) {
    lines.push(
      ...projectLine(
        h,
        [
          [x0, y],
          [x1, y],
        ],
        width_px,
        height_px,
      ),
    );
  }
  return lines;
}

/** Bounds of the ground that the picture shows, up to a distance from its lower middle, metres. */
export function seenGround(
  h: Homography,
  width_px: number,
  height_px: number,
  reach_m: number,
): [number, number, number, number] | null {
  const from = groundBelow(h, width_px / 2, height_px);
  if (!from) return null;
  let bounds: [number, number, number, number] | null = null;
  for (let i = 0; i <= 12; i += 1) {
    for (let j = 0; j <= 12; j += 1) {
      const p = groundBelow(h, (width_px * i) / 12, (height_px * j) / 12);
      if (!p || distance(p, from) > reach_m) continue;
      bounds = bounds
        ? [
            Math.min(bounds[0], p[0]),
            Math.min(bounds[1], p[1]),
            Math.max(bounds[2], p[0]),
            Math.max(bounds[3], p[1]),
          ]
        : [p[0], p[1], p[0], p[1]];
    }
  }
  return bounds;
}

function groundBelow(h: Homography, x: number, y: number): Vec2 | null {
  const m = h.image_to_ground;
  const z = m[6] * x + m[7] * y + m[8];
  if (Math.abs(z) < 1e-12) return null;
  const p: Vec2 = [(m[0] * x + m[1] * y + m[2]) / z, (m[3] * x + m[4] * y + m[5]) / z];
  return depth(h.ground_to_image, p) > 1e-9 ? p : null;
}

/** Whether corners in order make a polygon that does not cross itself. */
export function isSimple(corners: readonly Vec2[]): boolean {
  const n = corners.length;
  const edge = (i: number): [Vec2, Vec2] => [
    corners[i % n] ?? [0, 0],
    corners[(i + 1) % n] ?? [0, 0],
  ];
  for (let i = 0; i < n; i += 1) {
    for (let j = i + 2; j < n; j += 1) {
      if (i === 0 && j === n - 1) continue;
      if (segmentsMeet(...edge(i), ...edge(j))) return false;
    }
  }
  return true;
}

export function segmentsMeet(a: Vec2, b: Vec2, c: Vec2, d: Vec2): boolean {
  const side = (p: Vec2, q: Vec2, r: Vec2): number => cross(sub(q, p), sub(r, p));
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}

/** Twice the signed area is positive for corners against the clock. */
export function areaOf(corners: readonly Vec2[]): number {
  let sum = 0;
  corners.forEach((a, i) => {
    sum += cross(a, corners[(i + 1) % corners.length] ?? a);
  });
  return sum / 2;
}

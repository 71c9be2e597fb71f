/** Plane geometry of the plan. Metres, x east, y north; drawings have y down. */
import type { SitePlan } from "@/api/shapes";

export type XY = readonly [number, number];

export interface Frame {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** A point of the API as a pair; the API says number[], and never sends less than two. */
export function xy(point: readonly number[]): XY {
  return [point[0] ?? 0, point[1] ?? 0];
}

/** Metres on the ground to units of a drawing whose upper left corner is that of the frame. */
export function toDrawing(frame: Frame, [x, y]: XY): XY {
  return [x - frame.left, frame.top - y];
}

/** An SVG path through points. */
export function pathOf(
  frame: Frame,
  points: readonly (readonly number[])[],
  close = false,
): string {
  const steps = points.map((point, index) => {
    const [x, y] = toDrawing(frame, xy(point));
    return `${index === 0 ? "M" : "L"}${x.toFixed(2)} ${y.toFixed(2)}`;
  });
  return steps.join("") + (close ? "z" : "");
}

/** Widens a box to a ratio of width to height, about its middle. */
export function withRatio(box: [number, number, number, number], ratio: number): Frame {
  const [west, south, east, north] = box;
  let width = Math.max(east - west, 10);
  let height = Math.max(north - south, 10);
  if (width / height < ratio) width = height * ratio;
  else height = width / ratio;
  return {
    left: (west + east) / 2 - width / 2,
    top: (south + north) / 2 + height / 2,
    width,
    height,
  };
}

/** The heart of the junction: its lines, areas and crossings, with `margin` metres around. */
export function heartOf(plan: SitePlan, margin = 17): [number, number, number, number] {
  const points: XY[] = [
    ...plan.stop_lines.flatMap((line) => line.line_m.map(xy)),
    ...plan.exit_lines.flatMap((line) => line.line_m.map(xy)),
    ...plan.conflict_areas.flatMap((area) => area.polygon_m.map(xy)),
    ...plan.crossings.flatMap((crossing) => crossing.axis_m.map(xy)),
  ];
  if (points.length === 0) return boundsOf(plan);
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  return [
    Math.min(...xs) - margin,
    Math.min(...ys) - margin,
    Math.max(...xs) + margin,
    Math.max(...ys) + margin,
  ];
}

/** Everything that is drawn. */
export function boundsOf(plan: SitePlan): [number, number, number, number] {
  const [west = 0, south = 0, east = 100, north = 100] = plan.bounds_m;
  return [west, south, east, north];
}

export interface Footprint {
  front_m: readonly number[];
  heading_rad: number;
  length_m: number;
  width_m: number;
}

/** Front left, front right, rear right, rear left. `front_m` is the middle of the front edge. */
export function corners(of: Footprint): [XY, XY, XY, XY] {
  const [x, y] = xy(of.front_m);
  const along: XY = [Math.cos(of.heading_rad), Math.sin(of.heading_rad)];
  const left: XY = [-along[1], along[0]];
  const half = of.width_m / 2;
  const at = (back: number, side: number): XY => [
    x - along[0] * back + left[0] * side,
    y - along[1] * back + left[1] * side,
  ];
  return [at(0, half), at(0, -half), at(of.length_m, -half), at(of.length_m, half)];
}

/** Stripes across a crossing: bars along the direction of traffic, 0.5 m wide, 0.5 m apart. */
export function stripes(axis: readonly (readonly number[])[], width: number): [XY, XY, XY, XY][] {
  const made: [XY, XY, XY, XY][] = [];
  for (let index = 0; index + 1 < axis.length; index += 1) {
    const [ax, ay] = xy(axis[index] ?? []);
    const [bx, by] = xy(axis[index + 1] ?? []);
    const length = Math.hypot(bx - ax, by - ay);
    if (length < 0.1) continue;
    const along: XY = [(bx - ax) / length, (by - ay) / length];
    const side: XY = [-along[1], along[0]];
    const at = (t: number, s: number): XY => [
      ax + along[0] * t + side[0] * s,
      ay + along[1] * t + side[1] * s,
    ];
    for (let from = 0.25; from + 0.5 <= length && made.length < 400; from += 1) {
      const to = from + 0.5;
      made.push([at(from, width / 2), at(to, width / 2), at(to, -width / 2), at(from, -width / 2)]);
    }
  }
  return made;
}

/** Ground metres to picture pixels; undefined behind the camera. */
export function project(matrix: readonly number[], [x, y]: XY): XY | undefined {
  const [a = 1, b = 0, c = 0, d = 0, e = 1, f = 0, g = 0, h = 0, i = 1] = matrix;
  const w = g * x + h * y + i;
  // The sign of w is the same for everything before the camera; the calibration makes it positive.
  if (Math.abs(w) < 1e-9) return undefined;
  return [(a * x + b * y + c) / w, (d * x + e * y + f) / w];
}

/** A round length for a scale bar that takes about a fifth of the frame. */
export function scaleLength(frame: Frame): number {
  const wanted = frame.width / 5;
  const power = 10 ** Math.floor(Math.log10(wanted));
  for (const step of [5, 2, 1]) {
    if (step * power <= wanted) return step * power;
  }
  return power;
}

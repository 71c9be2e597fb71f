// Where a dragged or clicked ground point is pulled to: points of other things first, then their edges,
// then the right angle to the edge before. The reach is in pixels of the view, so that zooming in frees.

import { add, distance, dot, sub, times, type Vec2 } from "../geometry/matrix";
import { GROUND_KINDS, type GroundKind, pointsOf, SHAPES, type SiteFile, thingsOf } from "./site";

export interface Snap {
  at: Vec2;
  to: "point" | "edge" | "square" | "none";
}

export interface Spot {
  kind: GroundKind;
  index: number;
  /** Point of the thing that is being moved; it does not pull itself. */
  point?: number;
}

/** What lies across lanes is not pulled to their middles: it would end there and miss half a lane. */
const ACROSS: ReadonlySet<GroundKind> = new Set(["stop_line", "exit_line", "crossing"]);

/** `reach_m` is how far the pull goes, metres on the ground; `kind` is what the point belongs to. */
export function snap(
  site: SiteFile,
  at: Vec2,
  reach_m: number,
  kind: GroundKind | undefined,
  own?: Spot,
  before?: readonly Vec2[],
): Snap {
  const across = kind !== undefined && ACROSS.has(kind);
  let nearest: { at: Vec2; far: number } | null = null;
  const edges: { at: Vec2; far: number }[] = [];
  for (const other of GROUND_KINDS) {
    if (across && other === "lane") continue;
    thingsOf(site, other).forEach((_, index) => {
      const points = pointsOf(site, other, index);
      const mine = own && own.kind === other && own.index === index;
      points.forEach((p, i) => {
        if (mine && (own.point === undefined || own.point === i)) return;
        const far = distance(p, at);
        if (far <= reach_m && (!nearest || far < nearest.far)) nearest = { at: p, far };
      });
      if (mine) return;
      const count = SHAPES[other].closed ? points.length : points.length - 1;
      for (let i = 0; i < count; i += 1) {
        const a = points[i];
        const b = points[(i + 1) % points.length];
        if (!a || !b) continue;
        const foot = footOn(a, b, at);
        const far = distance(foot, at);
        if (far <= reach_m * 0.7) edges.push({ at: foot, far });
      }
    });
  }
  const point = nearest as { at: Vec2; far: number } | null;
  if (point) return { at: point.at, to: "point" };
  const edge = edges.sort((x, y) => x.far - y.far)[0];
  if (edge) return { at: edge.at, to: "edge" };
  const square = before ? squareOf(before, at, reach_m) : null;
  return square ? { at: square, to: "square" } : { at, to: "none" };
}

/** On the line at a right angle, or straight on, from the two points before. */
function squareOf(before: readonly Vec2[], at: Vec2, reach_m: number): Vec2 | null {
  const a = before[before.length - 2];
  const b = before[before.length - 1];
  if (!a || !b || distance(a, b) < 1e-6) return null;
  const along = times(sub(b, a), 1 / distance(a, b));
  const across: Vec2 = [-along[1], along[0]];
  for (const axis of [along, across]) {
    const foot = add(b, times(axis, dot(sub(at, b), axis)));
    if (distance(foot, at) <= reach_m * 0.7 && distance(foot, b) > reach_m) return foot;
  }
  return null;
}

/** The nearest point of an edge. */
export function footOn(a: Vec2, b: Vec2, at: Vec2): Vec2 {
  const ab = sub(b, a);
  const square = dot(ab, ab);
  if (square === 0) return a;
  const share = Math.max(0, Math.min(1, dot(sub(at, a), ab) / square));
  return add(a, times(ab, share));
}

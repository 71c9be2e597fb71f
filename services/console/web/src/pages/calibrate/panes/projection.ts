import type { Vec2 } from "../geometry/matrix";

/** From the ground to the screen and back. Pieces: what is behind the camera is cut off. */
export interface Projection {
  line: (ground: readonly Vec2[]) => Vec2[][];
  area: (ground: readonly Vec2[]) => Vec2[];
  point: (ground: Vec2) => Vec2 | null;
  /** A world point of the pane on the ground; null above the horizon. */
  ground: (world: Vec2) => Vec2 | null;
  /** Metres on the ground that ten screen pixels are worth near a world point: the pull of snapping. */
  reach: (world: Vec2, scale: number) => number;
}

/** What an SVG path draws through the points; pixels. */
export function pathOf(points: readonly Vec2[], closed = false): string {
  if (points.length === 0) return "";
  const all = points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L");
  return `M${all}${closed ? "Z" : ""}`;
}

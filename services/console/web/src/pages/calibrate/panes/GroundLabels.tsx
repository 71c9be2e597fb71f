/** Names of things, the selected one first; a name that would lie on another is left out. */
import type { Vec2 } from "../geometry/matrix";
import { arrowAt, lengthOf } from "../geometry/project";
import { type GroundKind, pointsOf, SHAPES, type SiteFile, thingsOf } from "../model/site";
import type { Selection } from "../model/state";
import styles from "./panes.module.css";
import type { Projection } from "./projection";

export function GroundLabels({
  site,
  chosen,
  projection,
}: {
  site: SiteFile;
  chosen: Extract<Selection, { what: "thing" }> | null;
  projection: Projection;
}) {
  const middle = middleOf(site);
  const order: GroundKind[] = [
    "stop_line",
    "conflict_area",
    "lane",
    "crossing",
    "no_stopping_zone",
    "exit_line",
  ];
  const wanted = order.flatMap((kind) =>
    thingsOf(site, kind).map((thing, index) => ({
      kind,
      index,
      id: thing.id,
      mine: chosen?.kind === kind && chosen.index === index,
    })),
  );
  wanted.sort((a, b) => Number(b.mine) - Number(a.mine));
  const taken: [number, number, number][] = [];
  return wanted.map(({ kind, index, id }) => {
    const at = labelAt(pointsOf(site, kind, index), kind, projection, middle);
    if (!at) return null;
    const half = id.length * 3.6 + 4;
    if (taken.some(([x, y, w]) => Math.abs(at[0] - x) < half + w && Math.abs(at[1] - y) < 15))
      return null;
    taken.push([at[0], at[1], half]);
    return (
      <text
        key={`${kind}-${index}`}
        className={styles.label}
        x={at[0]}
        y={at[1] - 8}
        textAnchor="middle"
      >
        {id}
      </text>
    );
  });
}

/** Where the lanes come together: the mean of their ends. */
function middleOf(site: SiteFile): Vec2 {
  const ends = thingsOf(site, "lane").flatMap((lane) => {
    const [first, last] = [lane.centreline_m[0], lane.centreline_m.at(-1)];
    return first && last ? [first, last] : [];
  });
  const sum = ends.reduce<Vec2>((s, p) => [s[0] + p[0], s[1] + p[1]], [0, 0]);
  return ends.length ? [sum[0] / ends.length, sum[1] / ends.length] : [0, 0];
}

function labelAt(
  points: readonly Vec2[],
  kind: GroundKind,
  projection: Projection,
  middle: Vec2,
): Vec2 | null {
  if (SHAPES[kind].closed) {
    const seen = points.flatMap((p) => {
      const at = projection.point(p);
      return at ? [at] : [];
    });
    if (seen.length === 0) return null;
    return [
      seen.reduce((sum, p) => sum + p[0], 0) / seen.length,
      seen.reduce((sum, p) => sum + p[1], 0) / seen.length,
    ];
  }
  if (kind === "lane") {
    // Near the junction, not far out where the lane leaves the sheet.
    const [first, last] = [points[0], points[points.length - 1]];
    if (!first || !last) return null;
    const far = (p: Vec2): number => Math.hypot(p[0] - middle[0], p[1] - middle[1]);
    const share = Math.min(0.5, 5 / Math.max(1, lengthOf(points)));
    const at = arrowAt(points, far(last) < far(first) ? 1 - share : share)?.at;
    return at ? projection.point(at) : null;
  }
  const [a, b] = points;
  return a && b ? projection.point([(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]) : null;
}

/** One thing on the ground: its area, its line with a dark one below, and a wide one to take hold of. */
import type { Vec2 } from "../geometry/matrix";
import { arrowAt, band, lengthOf } from "../geometry/project";
import { type GroundKind, pointsOf, SHAPES, type SiteFile, thingsOf } from "../model/site";
import styles from "./panes.module.css";
import { type Projection, pathOf } from "./projection";

export function GroundShape({
  site,
  kind,
  index,
  chosen,
  projection,
  onSelect,
}: {
  site: SiteFile;
  kind: GroundKind;
  index: number;
  chosen: boolean;
  projection: Projection;
  onSelect: () => void;
}) {
  const thing = thingsOf(site, kind)[index];
  const points = pointsOf(site, kind, index);
  if (!thing) return null;
  const wide = "width_m" in thing ? band(points, thing.width_m) : SHAPES[kind].closed ? points : [];
  const area = wide.length ? projection.area(wide) : [];
  const outline = SHAPES[kind].closed ? [...points, ...points.slice(0, 1)] : points;
  const pieces = projection.line(outline);
  const width = kind === "stop_line" || kind === "exit_line" ? 4 : 2.5;
  const d = pieces.map((piece) => pathOf(piece)).join("");
  const heading = kind === "lane" ? arrowOf(points, projection) : null;
  return (
    <g
      className={[styles.thing, styles[kind], chosen ? styles.chosen : ""].join(" ")}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.stopPropagation();
        onSelect();
        event.currentTarget.ownerSVGElement?.focus();
      }}
    >
      {area.length >= 3 ? <path className={styles.fill} d={pathOf(area, true)} /> : null}
      <path className={styles.halo} d={d} strokeWidth={width + 3} />
      <path
        className={styles.line}
        d={d}
        strokeWidth={chosen ? width + 1.5 : width}
        strokeDasharray={kind === "exit_line" ? "10 5" : kind === "crossing" ? "6 4" : undefined}
      />
      {heading ? (
        <>
          <path className={styles.halo} d={heading} strokeWidth={width + 3} />
          <path className={styles.line} d={heading} strokeWidth={width} />
        </>
      ) : null}
      <path className={styles.hit} d={d} />
    </g>
  );
}

/** Chevrons along the lane, some metres from either end, where they are in sight. */
function arrowOf(points: readonly Vec2[], projection: Projection): string | null {
  const total = lengthOf(points);
  const shares =
    total < 30 ? [0.5] : [9, 25, total / 2, total - 25, total - 9].map((m) => m / total);
  const marks = shares.flatMap((share) => {
    const found = arrowAt(points, share);
    if (!found) return [];
    const { at, direction } = found;
    const tip = projection.point([at[0] + direction[0] * 0.5, at[1] + direction[1] * 0.5]);
    const back = projection.point(at);
    if (!tip || !back) return [];
    const length = Math.hypot(tip[0] - back[0], tip[1] - back[1]);
    if (length < 0.5) return [];
    const [ux, uy] = [(tip[0] - back[0]) / length, (tip[1] - back[1]) / length];
    const wing = (side: number): Vec2 => [
      tip[0] - ux * 9 + side * uy * 6,
      tip[1] - uy * 9 - side * ux * 6,
    ];
    return [pathOf([wing(1), tip, wing(-1)])];
  });
  return marks.length ? marks.join("") : null;
}

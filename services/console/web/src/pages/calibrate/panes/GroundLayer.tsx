/** Everything drawn on the ground, as one pane sees it: the plan straight down, the picture by its map. */
import type { ReactNode } from "react";
import type { Vec2 } from "../geometry/matrix";
import { arrowAt, band } from "../geometry/project";
import { insertPoint, movePoint } from "../model/edit";
import type { Action, Selection } from "../model/editor";
import { type GroundKind, pointsOf, SHAPES, type SiteFile, thingsOf } from "../model/site";
import { snap } from "../model/snap";
import styles from "./panes.module.css";
import { Handle } from "./Stage";

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

export function pathOf(points: readonly Vec2[], closed = false): string {
  if (points.length === 0) return "";
  const all = points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L");
  return `M${all}${closed ? "Z" : ""}`;
}

export function GroundLayer({
  site,
  selection,
  projection,
  through,
  faint = false,
  dispatch,
  pointName,
}: {
  site: SiteFile;
  selection: Selection | null;
  projection: Projection;
  /** While something is drawn, clicks go through to the sheet. */
  through: boolean;
  faint?: boolean;
  dispatch: (action: Action) => void;
  pointName: (index: number) => string;
}) {
  const chosen = selection?.what === "thing" ? selection : null;
  const shapes: ReactNode[] = [];
  // Areas below, lines above.
  const order: GroundKind[] = [
    "no_stopping_zone",
    "conflict_area",
    "crossing",
    "lane",
    "exit_line",
    "stop_line",
  ];
  for (const kind of order) {
    thingsOf(site, kind).forEach((_, index) => {
      const mine = chosen?.kind === kind && chosen.index === index;
      shapes.push(
        <Shape
          // biome-ignore lint/suspicious/noArrayIndexKey: an id may stand twice while it is typed.
          key={`${kind}-${index}`}
          site={site}
          kind={kind}
          index={index}
          chosen={mine}
          projection={projection}
          onSelect={() =>
            dispatch({ do: "select", selection: { what: "thing", kind, index, point: null } })
          }
        />,
      );
    });
  }
  return (
    <g className={[through ? styles.through : "", faint ? styles.faint : ""].join(" ")}>
      {shapes}
      {faint ? null : <Labels site={site} chosen={chosen} projection={projection} />}
      {chosen && !through ? (
        <Handles
          site={site}
          chosen={chosen}
          projection={projection}
          dispatch={dispatch}
          pointName={pointName}
        />
      ) : null}
    </g>
  );
}

function Shape({
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

/** Names of things, the selected one first; a name that would lie on another is left out. */
function Labels({
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

function lengthOf(points: readonly Vec2[]): number {
  let total = 0;
  points.forEach((p, i) => {
    const before = points[i - 1];
    if (before) total += Math.hypot(p[0] - before[0], p[1] - before[1]);
  });
  return total;
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

function Handles({
  site,
  chosen,
  projection,
  dispatch,
  pointName,
}: {
  site: SiteFile;
  chosen: Extract<Selection, { what: "thing" }>;
  projection: Projection;
  dispatch: (action: Action) => void;
  pointName: (index: number) => string;
}) {
  const { kind, index } = chosen;
  const points = pointsOf(site, kind, index);
  const takesMore = points.length < SHAPES[kind].most;
  const pairs = SHAPES[kind].closed ? points.length : points.length - 1;
  return (
    <>
      {takesMore
        ? Array.from({ length: pairs }, (_, i) => {
            const a = points[i];
            const b = points[(i + 1) % points.length];
            const middle: Vec2 | null = a && b ? [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2] : null;
            const at = middle ? projection.point(middle) : null;
            return at && middle ? (
              <Handle
                // biome-ignore lint/suspicious/noArrayIndexKey: points have no names but their places.
                key={`add-${i}`}
                at={at}
                kind="add"
                onGrab={() => {
                  dispatch({ do: "site", change: (s) => insertPoint(s, kind, index, i, middle) });
                  dispatch({
                    do: "select",
                    selection: { what: "thing", kind, index, point: i + 1 },
                  });
                }}
              />
            ) : null;
          })
        : null}
      {points.map((p, i) => {
        const at = projection.point(p);
        return at ? (
          <Handle
            // biome-ignore lint/suspicious/noArrayIndexKey: points have no names but their places.
            key={i}
            at={at}
            label={pointName(i)}
            selected={chosen.point === i}
            onGrab={() =>
              dispatch({ do: "select", selection: { what: "thing", kind, index, point: i } })
            }
            onMove={(world, scale) => {
              const ground = projection.ground(world);
              if (!ground) return;
              dispatch({
                do: "site",
                mark: `drag-${kind}-${index}-${i}`,
                change: (s) =>
                  movePoint(
                    s,
                    kind,
                    index,
                    i,
                    snap(s, ground, projection.reach(world, scale), kind, { kind, index, point: i })
                      .at,
                  ),
              });
            }}
            onDrop={() => dispatch({ do: "settle" })}
          />
        ) : null;
      })}
    </>
  );
}

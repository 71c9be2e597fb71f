/** The road from above, in metres: x east, y north. */
import { useEffect, useId, useState } from "react";
import { useTexts } from "@/texts";
import { useEditing } from "../editing";
import type { Vec2 } from "../geometry/matrix";
import { seenGround } from "../geometry/project";
import { changePoint, type Draft } from "../model/draft";
import { roundM } from "../model/edit";
import { nudgeGround } from "../model/nudge";
import { GROUND_KINDS, pointsOf, type SiteFile, thingsOf } from "../model/site";
import { snap } from "../model/snap";
import { GroundLayer } from "./GroundLayer";
import { Preview } from "./PicturePane";
import styles from "./panes.module.css";
import { type Projection, pathOf } from "./projection";
import { Handle, Stage } from "./Stage";
import { type Bounds, type Frame, gridStep, toScreen } from "./view";

/** A drawing or an aerial picture to click on. It stays in this browser's memory. */
export interface PlanPicture {
  url: string;
  /** Width on the ground, metres, and height by its shape. */
  width_m: number;
  aspect: number;
  /** Where its lower left corner lies. */
  at_m: Vec2;
}

export function PlanPane({
  mode,
  backdrop,
}: {
  mode: "ground" | "draw";
  backdrop: PlanPicture | null;
}) {
  const t = useTexts();
  const { editor, draft, camera, solution, dispatch } = useEditing();
  const [pointer, setPointer] = useState<Vec2 | null>(null);
  const [bounds, setBounds] = useState<Bounds>(() => boundsOf(draft.site, groundPoints(draft)));
  const dragged = /^(drag|type)/.test(editor.history.mark ?? "");
  useEffect(() => {
    if (dragged) return;
    const outside = groundPoints(draft).some(
      ([x, y]) => x < bounds[0] || y < bounds[1] || x > bounds[2] || y > bounds[3],
    );
    if (outside) setBounds(boundsOf(draft.site, groundPoints(draft)));
  }, [draft, bounds, dragged]);
  const helpId = useId();
  const tool = editor.tool;
  const groundTool = tool !== "select" && tool !== "pair" && tool !== "distance" && tool !== "lamp";
  const drawing = mode === "ground" ? tool === "pair" : groundTool;
  const map = solution.homography;
  const shown: Bounds = backdrop
    ? [
        backdrop.at_m[0],
        backdrop.at_m[1],
        backdrop.at_m[0] + backdrop.width_m,
        backdrop.at_m[1] + backdrop.width_m / backdrop.aspect,
      ]
    : bounds;

  const reachOf = (_: Vec2, scale: number): number => 10 / scale;
  const snapped = (at: Vec2, scale: number): Vec2 =>
    snap(
      draft.site,
      at,
      reachOf(at, scale),
      groundTool ? tool : undefined,
      undefined,
      editor.drawing,
    ).at;
  const pick = (at: Vec2, scale: number) => {
    if (!drawing) dispatch({ do: "select", selection: null });
    else if (tool === "pair") dispatch({ do: "ground_point", at: snapped(at, scale) });
    else dispatch({ do: "draw", at: snapped(at, scale) });
  };
  return (
    <Stage
      label={t("calibrate.plan.label")}
      describedBy={helpId}
      bounds={shown}
      fitKey={`plan-${backdrop ? `${backdrop.url}-${backdrop.width_m}` : bounds.join(",")}`}
      up
      margin={24}
      drawing={drawing}
      onPick={pick}
      onHover={setPointer}
      onFinish={() => dispatch({ do: "finish" })}
      onArrow={([dx, dy], far) =>
        dispatch({
          do: "draft",
          mark: "nudge",
          change: (d) =>
            nudgeGround(d, editor.selection, [dx * (far ? 1 : 0.1), -dy * (far ? 1 : 0.1)]),
        })
      }
      overlay={(frame) => <Scale frame={frame} pointer={pointer} helpId={helpId} />}
    >
      {(frame) => {
        const screen = (p: Vec2): Vec2 => toScreen(frame, p);
        const projection: Projection = {
          line: (g) => (g.length > 1 ? [g.map(screen)] : []),
          area: (g) => g.map(screen),
          point: screen,
          ground: (p) => p,
          reach: reachOf,
        };
        return (
          <>
            {backdrop ? <Backdrop backdrop={backdrop} frame={frame} /> : null}
            <Grid frame={frame} />
            {map ? (
              <path
                className={styles.seen}
                d={pathOf(seenOutline(map, camera.width_px, camera.height_px).map(screen), true)}
              />
            ) : null}
            <GroundLayer
              site={draft.site}
              selection={editor.selection}
              projection={projection}
              through={drawing || mode === "ground"}
              faint={mode === "ground"}
              dispatch={dispatch}
              pointName={(n) => t("calibrate.draw.point", { n: n + 1 })}
            />
            {mode === "ground"
              ? draft.points.map((pair, index) =>
                  pair.ground_m ? (
                    <Handle
                      key={pair.key}
                      at={screen(pair.ground_m)}
                      number={index + 1}
                      label={t("calibrate.ground.point", { n: index + 1 })}
                      selected={
                        editor.selection?.what === "pair" && editor.selection.key === pair.key
                      }
                      onGrab={() =>
                        dispatch({ do: "select", selection: { what: "pair", key: pair.key } })
                      }
                      onMove={(at, scale) =>
                        dispatch({
                          do: "draft",
                          mark: `drag-ground-${pair.key}`,
                          change: (d) =>
                            changePoint(d, pair.key, { ground_m: roundM(snapped(at, scale)) }),
                        })
                      }
                      onDrop={() => dispatch({ do: "settle" })}
                    />
                  ) : null,
                )
              : null}
            {groundTool ? (
              <Preview
                kind={tool}
                drawing={editor.drawing}
                next={pointer ? snapped(pointer, frame.view.scale) : null}
                projection={projection}
              />
            ) : null}
          </>
        );
      }}
    </Stage>
  );
}

function Backdrop({ backdrop, frame }: { backdrop: PlanPicture; frame: Frame }) {
  const height = backdrop.width_m / backdrop.aspect;
  const [x, y] = toScreen(frame, [backdrop.at_m[0], backdrop.at_m[1] + height]);
  return (
    <image
      href={backdrop.url}
      x={x}
      y={y}
      width={backdrop.width_m * frame.view.scale}
      height={height * frame.view.scale}
      preserveAspectRatio="none"
      opacity={0.75}
    />
  );
}

function Grid({ frame }: { frame: Frame }) {
  const step = gridStep(frame.view.scale, 48);
  const half: Vec2 = [frame.width / 2 / frame.view.scale, frame.height / 2 / frame.view.scale];
  const [cx, cy] = frame.view.centre;
  const along = (from: number, to: number): number[] => {
    const first = Math.ceil(from / step);
    return Array.from(
      { length: Math.max(0, Math.floor(to / step) - first + 1) },
      (_, i) => (first + i) * step,
    );
  };
  const digits = step < 1 ? 1 : 0;
  return (
    <g className={styles.plan_grid}>
      {along(cx - half[0], cx + half[0]).map((x) => {
        const [sx] = toScreen(frame, [x, cy]);
        return (
          <g key={`x${x}`}>
            <path d={`M${sx} 0V${frame.height}`} />
            <text x={sx + 3} y={frame.height - 4}>
              {x.toFixed(digits)}
            </text>
          </g>
        );
      })}
      {along(cy - half[1], cy + half[1]).map((y) => {
        const [, sy] = toScreen(frame, [cx, y]);
        return (
          <g key={`y${y}`}>
            <path d={`M0 ${sy}H${frame.width}`} />
            <text x={3} y={sy - 3}>
              {y.toFixed(digits)}
            </text>
          </g>
        );
      })}
    </g>
  );
}

function Scale({ frame, pointer, helpId }: { frame: Frame; pointer: Vec2 | null; helpId: string }) {
  const t = useTexts();
  const step = gridStep(frame.view.scale, 60);
  return (
    <>
      <span className={styles.north}>{t("calibrate.plan.north")}</span>
      <div className={styles.scale}>
        {t("calibrate.plan.metres", { metres: step })}
        <div className={styles.bar} style={{ width: `${step * frame.view.scale}px` }} />
        {pointer ? (
          <span className="numbers">
            {t("calibrate.plan.at", { x: pointer[0].toFixed(1), y: pointer[1].toFixed(1) })}
          </span>
        ) : null}
      </div>
      <p id={helpId} className="visually-hidden">
        {t("calibrate.plan.help")}
      </p>
    </>
  );
}

/** The part of the road that the camera has in its picture, up to 80 metres away. */
function seenOutline(
  map: NonNullable<ReturnType<typeof useEditing>["solution"]["homography"]>,
  w: number,
  h: number,
): Vec2[] {
  const near = seenGround(map, w, h, 80);
  if (!near) return [];
  // Rows from the lower edge up, left then right: the outline that the picture's sides draw.
  const left: Vec2[] = [];
  const right: Vec2[] = [];
  for (let i = 0; i <= 24; i += 1) {
    const y = h - (h * i) / 24;
    for (const [side, x] of [
      [left, 0],
      [right, w],
    ] as const) {
      const m = map.image_to_ground;
      const z = m[6] * x + m[7] * y + m[8];
      const p: Vec2 = [(m[0] * x + m[1] * y + m[2]) / z, (m[3] * x + m[4] * y + m[5]) / z];
      const inside =
        p[0] >= near[0] - 40 &&
        p[0] <= near[2] + 40 &&
        p[1] >= near[1] - 40 &&
        p[1] <= near[3] + 40;
      const ahead =
        map.ground_to_image[6] * p[0] + map.ground_to_image[7] * p[1] + map.ground_to_image[8] > 0;
      if (inside && ahead) side.push(p);
    }
  }
  return [...left, ...right.reverse()];
}

/** A plan shows at least so much, metres. */
const LEAST_M = 40;

const groundPoints = (draft: Draft): Vec2[] =>
  draft.points.flatMap((p) => (p.ground_m ? [p.ground_m] : []));

/** What there is to see: the points and things near them; else forty metres around the origin. */
export function boundsOf(site: SiteFile, points: readonly Vec2[]): Bounds {
  const lines = GROUND_KINDS.flatMap((kind) =>
    kind === "lane" || kind === "no_stopping_zone"
      ? []
      : thingsOf(site, kind).flatMap((_, i) => pointsOf(site, kind, i)),
  );
  const all = [...points, ...lines];
  const some = all.length ? all : thingsOf(site, "lane").flatMap((lane) => lane.centreline_m);
  if (some.length === 0) return [-40, -10, 40, 60];
  const xs = some.map((p) => p[0]);
  const ys = some.map((p) => p[1]);
  const [x0, y0, x1, y1] = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  const [dx, dy] = [Math.max(5, (LEAST_M - x1 + x0) / 2), Math.max(5, (LEAST_M - y1 + y0) / 2)];
  return [x0 - dx, y0 - dy, x1 + dx, y1 + dy];
}

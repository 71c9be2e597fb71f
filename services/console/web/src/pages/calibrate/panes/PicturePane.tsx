/** The camera's picture with everything that is drawn, seen through the map between road and picture. */
import { useId, useState } from "react";
import { useTexts } from "@/texts";
import { useEditing } from "../editing";
import { metresPerPixel, toGround, toImage } from "../geometry/homography";
import type { Vec2 } from "../geometry/matrix";
import { gridLines, projectArea, projectLine } from "../geometry/project";
import { changePoint } from "../model/draft";
import { roundPx } from "../model/edit";
import { nudgePicture } from "../model/nudge";
import type { GroundKind } from "../model/site";
import { snap } from "../model/snap";
import { GroundLayer } from "./GroundLayer";
import { LampLayer } from "./LampLayer";
import { Loupe } from "./Loupe";
import styles from "./panes.module.css";
import { type Projection, pathOf } from "./projection";
import { Handle, Stage } from "./Stage";
import { type Frame, toScreen } from "./view";

/** How far away the grid is still drawn, metres. */
const GRID_REACH_M = 90;

export function PicturePane({
  mode,
  grid,
  showThings = true,
}: {
  mode: "ground" | "draw";
  /** Spacing of the overlay, metres; null draws none. */
  grid: number | null;
  showThings?: boolean;
}) {
  const t = useTexts();
  const { editor, draft, camera, solution, picture, dispatch } = useEditing();
  const [pointer, setPointer] = useState<Vec2 | null>(null);
  const helpId = useId();
  const { width_px: w, height_px: h } = camera;
  const map = solution.homography;
  const tool = editor.tool;
  const groundTool = tool !== "select" && tool !== "pair" && tool !== "distance" && tool !== "lamp";
  const drawing = mode === "ground" ? tool === "pair" || tool === "distance" : tool !== "select";

  const reachOf = (px: Vec2, scale: number): number =>
    map ? Math.min(3, (metresPerPixel(map, px) ?? 0.02) * (10 / scale)) : 0.2;
  const groundAt = (px: Vec2, scale: number): Vec2 | null => {
    const ground = map ? toGround(map, px) : null;
    if (!ground) return null;
    return snap(
      draft.site,
      ground,
      reachOf(px, scale),
      groundTool ? tool : undefined,
      undefined,
      editor.drawing,
    ).at;
  };
  const inside = (px: Vec2): boolean => px[0] >= 0 && px[1] >= 0 && px[0] <= w && px[1] <= h;

  const pick = (px: Vec2, scale: number) => {
    if (!drawing) {
      dispatch({ do: "select", selection: null });
      return;
    }
    if (!inside(px)) return;
    if (tool === "pair") dispatch({ do: "picture_point", at: px });
    else if (tool === "distance" || tool === "lamp") dispatch({ do: "draw", at: px });
    else {
      const ground = groundAt(px, scale);
      if (ground) dispatch({ do: "draw", at: ground });
    }
  };

  const maps = {
    toImage: (g: Vec2) => (map ? toImage(map, g) : null),
    toGround: (i: Vec2) => (map ? toGround(map, i) : null),
  };
  const dragging = editor.history.mark?.startsWith("drag") ?? false;
  return (
    <Stage
      label={t("calibrate.picture.label", { camera: camera.id })}
      describedBy={helpId}
      bounds={[0, 0, w, h]}
      fitKey={`${camera.id}-${w}-${h}`}
      up={false}
      drawing={drawing}
      onPick={pick}
      onHover={setPointer}
      onFinish={() => dispatch({ do: "finish" })}
      onArrow={([dx, dy], far) =>
        dispatch({
          do: "draft",
          mark: "nudge",
          change: (d) =>
            nudgePicture(d, editor.selection, [dx * (far ? 10 : 1), dy * (far ? 10 : 1)], maps),
        })
      }
      overlay={(frame, at) => (
        <>
          {picture === null ? (
            <div className={styles.nothing}>
              <p>{t("calibrate.picture.none")}</p>
            </div>
          ) : null}
          {picture && pointer && (drawing || dragging) ? (
            <Loupe
              picture={picture}
              width={w}
              height={h}
              at={pointer}
              zoom={Math.max(4, frame.view.scale * 3)}
              side={at && at[0] < frame.width / 2 ? "right" : "left"}
            />
          ) : null}
          <p id={helpId} className="visually-hidden">
            {t("calibrate.picture.help")}
          </p>
        </>
      )}
    >
      {(frame) => {
        const screen = (px: Vec2): Vec2 => toScreen(frame, px);
        const [left, top] = screen([0, 0]);
        const projection: Projection = {
          line: (g) => (map ? projectLine(map, g, w, h).map((p) => p.map(screen)) : []),
          area: (g) => (map ? projectArea(map, g, w, h).map(screen) : []),
          point: (g) => {
            const seen = map ? toImage(map, g) : null;
            return seen ? screen(seen) : null;
          },
          ground: (px) => (map ? toGround(map, px) : null),
          reach: reachOf,
        };
        return (
          <>
            {picture ? (
              <image
                href={picture}
                x={left}
                y={top}
                width={w * frame.view.scale}
                height={h * frame.view.scale}
                preserveAspectRatio="none"
              />
            ) : (
              <rect
                x={left}
                y={top}
                width={w * frame.view.scale}
                height={h * frame.view.scale}
                fill="var(--asphalt)"
              />
            )}
            {map && grid !== null ? (
              <g className={styles.ground_grid}>
                {gridLines(map, w, h, grid, GRID_REACH_M).map((line, i) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: lines of a grid have no names.
                  <path key={i} d={pathOf(line.map(screen))} />
                ))}
              </g>
            ) : null}
            {map && showThings ? (
              <GroundLayer
                site={draft.site}
                selection={editor.selection}
                projection={projection}
                through={drawing || mode === "ground"}
                faint={mode === "ground"}
                dispatch={dispatch}
                pointName={(n) => t("calibrate.draw.point", { n: n + 1 })}
              />
            ) : null}
            {mode === "draw" ? (
              <LampLayer frame={frame} pointer={pointer} through={drawing} />
            ) : null}
            {mode === "ground" ? <Distances frame={frame} pointer={pointer} /> : null}
            {mode === "ground" ? <Pairs frame={frame} /> : null}
            {groundTool && map ? (
              <Preview
                kind={tool}
                drawing={editor.drawing}
                next={pointer ? groundAt(pointer, frame.view.scale) : null}
                projection={projection}
              />
            ) : null}
          </>
        );
      }}
    </Stage>
  );
}

/** What is being drawn, with a line to where the pointer is. */
export function Preview({
  kind,
  drawing,
  next,
  projection,
}: {
  kind: GroundKind;
  drawing: readonly Vec2[];
  next: Vec2 | null;
  projection: Projection;
}) {
  const points = next ? [...drawing, next] : drawing;
  const closed = (kind === "conflict_area" || kind === "no_stopping_zone") && points.length > 2;
  const line = closed ? [...points, ...points.slice(0, 1)] : points;
  return (
    <g>
      {projection.line(line).map((piece, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no names.
        <path key={i} className={styles.preview} d={pathOf(piece)} />
      ))}
      {points.map((p, i) => {
        const at = projection.point(p);
        return at ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: points have no names but their places.
          <circle key={i} cx={at[0]} cy={at[1]} r={4} fill="#ffd23f" pointerEvents="none" />
        ) : null;
      })}
    </g>
  );
}

/** The ground points, and a line from where each was clicked to where the map puts it. */
function Pairs({ frame }: { frame: Frame }) {
  const t = useTexts();
  const { editor, draft, solution, dispatch } = useEditing();
  const map = solution.homography;
  return (
    <>
      {draft.points.map((pair, index) => {
        if (!pair.image_px) return null;
        const at = toScreen(frame, pair.image_px);
        const mapped = map && pair.ground_m ? toImage(map, pair.ground_m) : null;
        const end = mapped ? toScreen(frame, mapped) : null;
        return (
          // While a distance is drawn, its ends may lie on a point.
          <g key={pair.key} className={editor.tool === "distance" ? styles.through : undefined}>
            {end ? <path className={styles.residual} d={pathOf([at, end])} /> : null}
            <Handle
              at={at}
              number={index + 1}
              label={t("calibrate.ground.point", { n: index + 1 })}
              selected={editor.selection?.what === "pair" && editor.selection.key === pair.key}
              onGrab={() => dispatch({ do: "select", selection: { what: "pair", key: pair.key } })}
              onMove={(px) =>
                dispatch({
                  do: "draft",
                  mark: `drag-${pair.key}`,
                  change: (d) => changePoint(d, pair.key, { image_px: roundPx(px) }),
                })
              }
              onDrop={() => dispatch({ do: "settle" })}
            />
          </g>
        );
      })}
    </>
  );
}

function Distances({ frame, pointer }: { frame: Frame; pointer: Vec2 | null }) {
  const { editor, draft, dispatch } = useEditing();
  const [from] = editor.tool === "distance" ? editor.drawing : [];
  return (
    <>
      {draft.distances.map((d, index) => {
        const ends = [toScreen(frame, d.from_px), toScreen(frame, d.to_px)] as const;
        return (
          <g key={d.key}>
            <path className={styles.halo} d={pathOf(ends)} strokeWidth={6} />
            <path className={styles.distance} d={pathOf(ends)} />
            <text
              className={styles.label}
              x={(ends[0][0] + ends[1][0]) / 2}
              y={(ends[0][1] + ends[1][1]) / 2 - 8}
              textAnchor="middle"
            >
              {`${String.fromCharCode(65 + (index % 26))}${d.length_m ? ` ${d.length_m} m` : ""}`}
            </text>
            {ends.map((at, end) => (
              <Handle
                // biome-ignore lint/suspicious/noArrayIndexKey: a line has two ends.
                key={end}
                at={at}
                kind="box"
                selected={
                  editor.selection?.what === "distance" &&
                  editor.selection.key === d.key &&
                  editor.selection.end === end
                }
                onGrab={() =>
                  dispatch({
                    do: "select",
                    selection: { what: "distance", key: d.key, end: end === 0 ? 0 : 1 },
                  })
                }
                onMove={(px) =>
                  dispatch({
                    do: "draft",
                    mark: `drag-${d.key}-${end}`,
                    change: (all) => ({
                      ...all,
                      distances: all.distances.map((one) =>
                        one.key === d.key
                          ? { ...one, [end === 0 ? "from_px" : "to_px"]: roundPx(px) }
                          : one,
                      ),
                    }),
                  })
                }
                onDrop={() => dispatch({ do: "settle" })}
              />
            ))}
          </g>
        );
      })}
      {from ? (
        <path
          className={styles.preview}
          d={pathOf([toScreen(frame, from), toScreen(frame, pointer ?? from)])}
        />
      ) : null}
    </>
  );
}

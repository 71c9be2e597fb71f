/** Lamps of signal heads: boxes in the picture, moved and resized by their corners. */
import { useTexts } from "@/texts";
import { useEditing } from "../editing";
import type { Vec2 } from "../geometry/matrix";
import { boxOf, nextLamp } from "../model/drawing";
import { setLamps } from "../model/edit";
import type { Box } from "../model/site";
import type { LampKey } from "../model/state";
import styles from "./panes.module.css";
import { Handle } from "./Stage";
import { type Frame, toScreen } from "./view";

const KEYS: readonly LampKey[] = ["red_px", "yellow_px", "green_px"];

export function LampLayer({
  frame,
  pointer,
  through,
}: {
  frame: Frame;
  pointer: Vec2 | null;
  through: boolean;
}) {
  const t = useTexts();
  const { editor, camera, dispatch } = useEditing();
  const lamps = camera.lamp ?? [];
  const change = (index: number, key: LampKey, box: Box) =>
    dispatch({
      do: "site",
      mark: `drag-lamp-${index}-${key}`,
      change: (site) =>
        setLamps(
          site,
          camera.id,
          lamps.map((lamp, i) => (i === index ? { ...lamp, [key]: box } : lamp)),
        ),
    });
  const current = nextLamp(editor);
  const from = editor.tool === "lamp" ? editor.drawing[0] : undefined;
  return (
    <g className={through ? styles.through : undefined}>
      {lamps.map((lamp, index) =>
        KEYS.map((key) => {
          const box = lamp[key];
          if (!box) return null;
          const chosen =
            editor.selection?.what === "lamp" &&
            editor.selection.index === index &&
            editor.selection.lamp === key;
          return (
            <g
              // biome-ignore lint/suspicious/noArrayIndexKey: lamps have no names but their places.
              key={`${index}-${key}`}
              className={styles.thing}
              onPointerDown={(event) => {
                if (event.button !== 0) return;
                event.stopPropagation();
                dispatch({ do: "select", selection: { what: "lamp", index, lamp: key } });
              }}
            >
              <BoxShape frame={frame} box={box} lamp={key} chosen={chosen} />
              {key === "red_px" ? (
                <text
                  className={styles.label}
                  x={toScreen(frame, [box[0], box[1]])[0]}
                  y={toScreen(frame, [box[0], box[1]])[1] - 5}
                >
                  {lamp.group}
                </text>
              ) : null}
              {chosen && !through
                ? (
                    [
                      [0, 1],
                      [2, 1],
                      [2, 3],
                      [0, 3],
                    ] as const
                  ).map(([xi, yi]) => (
                    <Handle
                      key={`${xi}${yi}`}
                      at={toScreen(frame, [box[xi], box[yi]])}
                      kind="box"
                      label={t("calibrate.draw.corner")}
                      onMove={(px) => {
                        const other: Vec2 = [box[xi === 0 ? 2 : 0], box[yi === 1 ? 3 : 1]];
                        change(index, key, boxOf(px, other));
                      }}
                      onDrop={() => dispatch({ do: "settle" })}
                    />
                  ))
                : null}
            </g>
          );
        }),
      )}
      {editor.lamp
        ? KEYS.map((key) => {
            const box = editor.lamp?.boxes[key];
            return box ? <BoxShape key={key} frame={frame} box={box} lamp={key} chosen /> : null;
          })
        : null}
      {current && from ? (
        <BoxShape frame={frame} box={boxOf(from, pointer ?? from)} lamp={current} chosen />
      ) : null}
    </g>
  );
}

function BoxShape({
  frame,
  box,
  lamp,
  chosen,
}: {
  frame: Frame;
  box: Box;
  lamp: LampKey;
  chosen: boolean;
}) {
  const [x, y] = toScreen(frame, [box[0], box[1]]);
  const size = {
    x,
    y,
    width: Math.max(1, (box[2] - box[0]) * frame.view.scale),
    height: Math.max(1, (box[3] - box[1]) * frame.view.scale),
  };
  return (
    <g className={[styles[`lamp_${lamp}`], chosen ? styles.chosen : ""].join(" ")}>
      <rect className={styles.halo} {...size} strokeWidth={4} />
      <rect className={styles.fill} {...size} />
      <rect className={styles.line} {...size} strokeWidth={chosen ? 2.5 : 1.5} />
    </g>
  );
}

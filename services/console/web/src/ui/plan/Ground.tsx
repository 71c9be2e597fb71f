import { memo } from "react";
import type { SignalState, SitePlan } from "@/api/shapes";
import { useTexts } from "@/texts";
import { type Frame, pathOf, scaleLength, stripes, toDrawing, xy } from "./geometry";
import styles from "./PlanView.module.css";

/** What does not move, and the lamps. Drawing units are metres. */
export const Ground = memo(function Ground({
  frame,
  plan,
  camera,
  signals,
}: {
  frame: Frame;
  plan: SitePlan;
  camera?: string | undefined;
  signals?: Readonly<Record<string, SignalState>> | undefined;
}) {
  const t = useTexts();
  const seen = plan.cameras.find((one) => one.id === camera);
  // A screen pixel at the usual width, in metres.
  const unit = frame.width / 700;
  const bar = scaleLength(frame);
  const area = (points: readonly number[][]) => pathOf(frame, points, true);
  const [barX, barY] = [frame.width - bar - unit * 16, frame.height - unit * 14];
  return (
    <svg
      className={styles.ground}
      viewBox={`0 0 ${frame.width} ${frame.height}`}
      aria-hidden="true"
    >
      {plan.lanes.map((lane) => (
        <path
          key={lane.id}
          className={styles.lane}
          strokeWidth={lane.width_m}
          d={pathOf(frame, lane.centreline_m)}
        />
      ))}
      {plan.conflict_areas.map((one) => (
        <path key={one.id} className={styles.area} d={area(one.polygon_m)} strokeWidth={unit} />
      ))}
      {plan.crossings.map((crossing) => (
        <path
          key={crossing.id}
          className={styles.lane}
          strokeWidth={crossing.width_m + 1.4}
          d={pathOf(frame, crossing.axis_m)}
        />
      ))}
      {seen && seen.view_m.length > 2 ? (
        <path className={styles.view} d={area(seen.view_m)} strokeWidth={unit * 1.5} />
      ) : null}
      {plan.lanes.map((lane) => (
        <path
          key={lane.id}
          className={styles.middle}
          strokeWidth={unit * 0.8}
          strokeDasharray={`${unit * 6} ${unit * 10}`}
          d={pathOf(frame, lane.centreline_m)}
        />
      ))}
      {plan.no_stopping_zones.map((one) => (
        <path key={one.id} className={styles.zone} d={area(one.polygon_m)} strokeWidth={unit} />
      ))}
      {plan.crossings.map((crossing) =>
        stripes(crossing.axis_m, crossing.width_m).map((bar4) => (
          <path
            key={`${crossing.id}-${bar4[0].join()}`}
            className={styles.stripe}
            d={pathOf(frame, bar4, true)}
          />
        )),
      )}
      {plan.exit_lines.map((line) => (
        <path
          key={line.id}
          className={styles.exit}
          d={pathOf(frame, line.line_m)}
          strokeWidth={unit}
        />
      ))}
      {plan.stop_lines.map((line) => (
        <path
          key={line.id}
          className={styles.stop}
          d={pathOf(frame, line.line_m)}
          strokeWidth={Math.max(0.4, unit * 3)}
        />
      ))}
      {plan.stop_lines.map((line) =>
        line.signal_group && signals ? (
          <Lamp
            key={line.id}
            frame={frame}
            at={beside(line.line_m)}
            size={Math.max(1.1, unit * 6)}
            state={signals[line.signal_group] ?? "unknown"}
          />
        ) : null,
      )}
      {plan.crossings.map((crossing) =>
        crossing.signal_group && signals ? (
          <Walk
            key={crossing.id}
            frame={frame}
            at={xy(crossing.axis_m[0] ?? [])}
            size={Math.max(0.9, unit * 5)}
            state={signals[crossing.signal_group] ?? "unknown"}
          />
        ) : null,
      )}
      <g className={styles.furniture} strokeWidth={unit * 1.6}>
        <path d={`M${barX} ${barY}v${-unit * 5}v${unit * 5}h${bar}v${-unit * 5}`} />
        <text x={barX + bar / 2} y={barY - unit * 6} fontSize={unit * 13} textAnchor="middle">
          {t("ui.plan.metres", { metres: bar })}
        </text>
        <path
          className={styles.north}
          d={`M${unit * 20} ${unit * 12}l${unit * 7} ${unit * 20}l${-unit * 7} ${-unit * 5}l${-unit * 7} ${unit * 5}z`}
        />
        <text x={unit * 20} y={unit * 48} fontSize={unit * 14} textAnchor="middle">
          {t("ui.plan.north")}
        </text>
      </g>
    </svg>
  );
});

/** A little outside of a line's first end. */
function beside(line: readonly number[][]): readonly [number, number] {
  const [ax, ay] = xy(line[0] ?? []);
  const [bx, by] = xy(line[1] ?? []);
  const length = Math.hypot(bx - ax, by - ay) || 1;
  return [ax + ((ax - bx) / length) * 2.4, ay + ((ay - by) / length) * 2.4];
}

/** Three lamps from above to below; place and colour tell the state. */
function Lamp({
  frame,
  at,
  size,
  state,
}: {
  frame: Frame;
  at: readonly [number, number];
  size: number;
  state: SignalState;
}) {
  const [x, y] = toDrawing(frame, at);
  return (
    <g>
      <rect
        x={x - size * 0.75}
        y={y - size * 1.95}
        width={size * 1.5}
        height={size * 3.9}
        rx={size * 0.4}
        className={styles.box}
        strokeWidth={size * 0.12}
      />
      {(["red", "yellow", "green"] as const).map((colour, place) => (
        <circle
          key={colour}
          cx={x}
          cy={y + (place - 1) * size * 1.2}
          r={size * 0.5}
          className={state === colour ? styles[colour] : styles.dark}
        />
      ))}
    </g>
  );
}

/** Two lamps for people on foot. */
function Walk({
  frame,
  at,
  size,
  state,
}: {
  frame: Frame;
  at: readonly [number, number];
  size: number;
  state: SignalState;
}) {
  const [x, y] = toDrawing(frame, at);
  return (
    <g>
      <rect
        x={x - size * 0.7}
        y={y - size * 1.3}
        width={size * 1.4}
        height={size * 2.6}
        rx={size * 0.4}
        className={styles.box}
        strokeWidth={size * 0.12}
      />
      {(["red", "green"] as const).map((colour, place) => (
        <circle
          key={colour}
          cx={x}
          cy={y + (place - 0.5) * size * 1.15}
          r={size * 0.48}
          className={state === colour ? styles[colour] : styles.dark}
        />
      ))}
    </g>
  );
}

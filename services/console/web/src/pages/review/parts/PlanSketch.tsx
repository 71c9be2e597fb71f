/** The vehicle's way on the plan of the package's own site file, in step with the clip. */
import { useTexts } from "@/texts";
import { Skeleton } from "@/ui";
import type { Loaded } from "../logic/files";
import { type Plan, type Point, stateNear, type TrackState } from "../logic/package";
import styles from "./PlanSketch.module.css";

/** Room around what is shown, metres; the least that is shown. */
const ROOM_M = 6;
const SPAN_M_MIN = 34;

export function PlanSketch({
  plan,
  track,
  place,
  at,
  crossing,
}: {
  plan: Loaded<Plan | null>;
  track: TrackState[];
  place: string;
  at: number;
  crossing: number;
}) {
  const t = useTexts();
  return (
    <section className={styles.plan} aria-label={t("review.plan.title")}>
      {plan.state === "loading" ? (
        <Skeleton height="100%" />
      ) : plan.state === "ready" && plan.value ? (
        <Sketch plan={plan.value} track={track} place={place} at={at} crossing={crossing} />
      ) : (
        <p className="soft">{t("review.plan.none")}</p>
      )}
    </section>
  );
}

function Sketch({
  plan,
  track,
  place,
  at,
  crossing,
}: {
  plan: Plan;
  track: TrackState[];
  place: string;
  at: number;
  crossing: number;
}) {
  const t = useTexts();
  const here = stateNear(track, at);
  const there = stateNear(track, crossing);
  const way = track.map((state) => state.front);
  const view = viewOf(there ? near(way, there.front) : way, there?.front);
  // North is up: y grows upwards on the ground and downwards on the screen.
  const up = ([x, y]: Point): string => `${x.toFixed(2)},${(-y).toFixed(2)}`;
  const path = (points: Point[]): string => points.map(up).join(" ");
  return (
    <svg
      viewBox={`${view.x} ${view.y} ${view.span} ${view.span}`}
      preserveAspectRatio="xMidYMid slice"
      className={styles.sketch}
      role="img"
      aria-label={t("review.plan.alt")}
    >
      {plan.lanes.map((lane) => (
        <polyline
          key={lane.id}
          points={path(lane.line)}
          className={styles.plan_lane}
          strokeWidth={lane.width}
        />
      ))}
      {plan.lanes.flatMap((lane) =>
        chevrons(lane.line).map(({ at: [x, y], degrees }) => (
          <path
            key={`${lane.id} ${x} ${y}`}
            d="M-0.7 -0.6L0 0L-0.7 0.6"
            transform={`translate(${x} ${-y}) rotate(${degrees})`}
            className={styles.plan_direction}
          />
        )),
      )}
      {plan.areas.map((area) => (
        <polygon
          key={area.id}
          points={path(area.polygon)}
          className={area.id === place ? styles.plan_area_here : styles.plan_area}
        />
      ))}
      {plan.crossings.map((zebra) => (
        <polyline
          key={zebra.id}
          points={path(zebra.axis)}
          className={styles.plan_crossing}
          strokeWidth={zebra.width}
        />
      ))}
      {plan.stopLines.map((stop) => (
        <polyline
          key={stop.id}
          points={path(stop.line)}
          className={stop.id === place ? styles.plan_stop_here : styles.plan_stop}
        />
      ))}
      <polyline points={path(way)} className={styles.plan_way} />
      {there ? (
        <circle cx={there.front[0]} cy={-there.front[1]} r="0.9" className={styles.plan_point} />
      ) : null}
      {here ? <Vehicle state={here} /> : null}
    </svg>
  );
}

function Vehicle({ state }: { state: TrackState }) {
  const degrees = (-state.heading * 180) / Math.PI;
  const length = Math.max(state.length, 1);
  const width = Math.max(state.width, 0.8);
  return (
    <g transform={`translate(${state.front[0]} ${-state.front[1]}) rotate(${degrees})`}>
      <rect
        x={-length}
        y={-width / 2}
        width={length}
        height={width}
        rx="0.4"
        className={styles.plan_vehicle}
      />
      <path d={`M-1.2 ${-width / 2}L0 0L-1.2 ${width / 2}`} className={styles.plan_nose} />
    </g>
  );
}

const REACH_M = 25;

function near(way: Point[], centre: Point): Point[] {
  const found = way.filter(([x, y]) => Math.hypot(x - centre[0], y - centre[1]) <= REACH_M);
  return found.length > 0 ? found : way;
}

/** What is shown: all of the points, around a centre where there is one, so that it is seen in any shape of box. */
function viewOf(points: Point[], centre?: Point): { x: number; y: number; span: number } {
  if (points.length === 0) return { x: -SPAN_M_MIN / 2, y: -SPAN_M_MIN / 2, span: SPAN_M_MIN };
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => -y);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  const span = Math.max(right - left + 2 * ROOM_M, bottom - top + 2 * ROOM_M, SPAN_M_MIN);
  const [x, y] = centre ? [centre[0], -centre[1]] : [(left + right) / 2, (top + bottom) / 2];
  return { x: x - span / 2, y: y - span / 2, span };
}

const CHEVRON_EVERY_M = 9;

/** Which way a lane goes: places along its centreline, from its end backwards, and how they are turned. */
export function chevrons(line: Point[]): { at: Point; degrees: number }[] {
  const found: { at: Point; degrees: number }[] = [];
  let left = CHEVRON_EVERY_M / 2;
  for (let end = line.length - 1; end > 0; end -= 1) {
    const [from, to] = [line[end - 1], line[end]];
    if (!from || !to) continue;
    const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
    if (length === 0) continue;
    const [dx, dy] = [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
    let along = left;
    for (; along < length; along += CHEVRON_EVERY_M) {
      const at: Point = [to[0] - dx * along, to[1] - dy * along];
      found.push({ at, degrees: (-Math.atan2(dy, dx) * 180) / Math.PI });
    }
    left = along - length;
  }
  return found;
}

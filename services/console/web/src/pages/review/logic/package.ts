// Parts of an evidence package as the desk draws them. Whatever a part does not say is left out.

import { parse } from "smol-toml";
import { micros } from "./instants";

export type Point = [number, number];

export interface TrackState {
  at: number;
  /** x0, y0, x1, y1 in the picture. */
  box: [number, number, number, number];
  front: Point;
  heading: number;
  length: number;
  width: number;
  speed: number;
  measured: boolean;
}

export interface Manifest {
  sentence: string;
  clip: { width: number; height: number };
  /** Instants of `before`, `at_line`, `after`. */
  stills: Record<string, number>;
  clock: string;
  calibration: { camera: string; residual: number; most: number }[];
  hidden: { roadUsers: number; faces: number; movers: number; share: number } | null;
}

export interface Plan {
  /** As people call the junction; none where the site file does not say. */
  name: string | null;
  timezone: string;
  drivingSide: "left" | "right";
  lanes: { id: string; line: Point[]; width: number }[];
  stopLines: { id: string; line: [Point, Point] }[];
  areas: { id: string; polygon: Point[]; kind: "conflict" | "no_stopping" }[];
  crossings: { id: string; axis: [Point, Point]; width: number }[];
}

const numbers = (value: unknown, count: number): number[] | null =>
  Array.isArray(value) && value.length >= count && value.every((n) => Number.isFinite(n))
    ? (value as number[])
    : null;

export function trackStates(file: unknown): TrackState[] {
  const listed = (file as { states?: unknown } | null)?.states;
  if (!Array.isArray(listed)) return [];
  return (listed as Record<string, unknown>[]).flatMap((state) => {
    const at = typeof state?.time === "string" ? micros(state.time) : null;
    const box = numbers(state?.box_px, 4);
    const front = numbers(state?.front_m, 2);
    const velocity = numbers(state?.velocity_ms, 2);
    if (at === null || !box || !front) return [];
    return [
      {
        at,
        box: box.slice(0, 4) as TrackState["box"],
        front: [front[0] ?? 0, front[1] ?? 0] satisfies Point,
        heading: Number(state.heading_rad) || 0,
        length: Number(state.length_m) || 0,
        width: Number(state.width_m) || 0,
        speed: velocity ? Math.hypot(velocity[0] ?? 0, velocity[1] ?? 0) : 0,
        measured: state.measured === true,
      },
    ];
  });
}

/** Further from a state than this (microseconds) nobody knows where the vehicle was. */
const NEAR_US = 250_000;

/** The state nearest to an instant; none where the track has none near it. */
export function stateNear(states: TrackState[], at: number): TrackState | null {
  let best: TrackState | null = null;
  for (const state of states) {
    const away = Math.abs(state.at - at);
    if (away <= NEAR_US && (!best || away < Math.abs(best.at - at))) best = state;
  }
  return best;
}

export function manifestOf(file: unknown): Manifest {
  const of = (file ?? {}) as Record<string, Record<string, unknown>>;
  const stills: Record<string, number> = {};
  for (const still of Array.isArray(of.stills) ? (of.stills as Record<string, unknown>[]) : []) {
    const at = typeof still.time === "string" ? micros(still.time) : null;
    if (at !== null) stills[String(still.moment)] = at;
  }
  const calibration = Array.isArray(of.calibration) ? of.calibration : [];
  const redaction = of.redaction;
  return {
    sentence: typeof of.rule_sentence === "string" ? of.rule_sentence : "",
    clip: { width: Number(of.clip?.width_px) || 0, height: Number(of.clip?.height_px) || 0 },
    stills,
    clock: typeof of.clock?.sentence === "string" ? of.clock.sentence : "",
    calibration: (calibration as Record<string, unknown>[]).map((one) => ({
      camera: String(one.camera),
      residual: Number(one.residual_m) || 0,
      most: Number(one.residual_m_max) || 0,
    })),
    hidden: redaction
      ? {
          roadUsers: Number(redaction.hidden_road_users) || 0,
          faces: Number(redaction.hidden_faces) || 0,
          movers: Number(redaction.hidden_movers) || 0,
          share: Number(redaction.hidden_share) || 0,
        }
      : null,
  };
}

/** The site file of the package; none where it is no TOML. */
export function planOf(toml: string): Plan | null {
  let file: Record<string, unknown>;
  try {
    file = parse(toml);
  } catch {
    return null;
  }
  const tables = (name: string): Record<string, unknown>[] =>
    Array.isArray(file[name]) ? (file[name] as Record<string, unknown>[]) : [];
  const points = (value: unknown): Point[] =>
    Array.isArray(value)
      ? value.flatMap((point) => {
          const at = numbers(point, 2);
          return at ? [[at[0] ?? 0, at[1] ?? 0] satisfies Point] : [];
        })
      : [];
  const pair = (value: unknown): [Point, Point] | null => {
    const [a, b] = points(value);
    return a && b ? [a, b] : null;
  };
  const area = (kind: Plan["areas"][number]["kind"]) => (of: Record<string, unknown>) => ({
    id: String(of.id),
    polygon: points(of.polygon_m),
    kind,
  });
  const site = (file.site ?? {}) as Record<string, unknown>;
  return {
    name: typeof site.name === "string" && site.name.trim() !== "" ? site.name : null,
    timezone: typeof site.timezone === "string" ? site.timezone : "UTC",
    drivingSide: site.driving_side === "left" ? "left" : "right",
    lanes: tables("lane").map((of) => ({
      id: String(of.id),
      line: points(of.centreline_m),
      width: Number(of.width_m) || 3,
    })),
    stopLines: tables("stop_line").flatMap((of) => {
      const line = pair(of.line_m);
      return line ? [{ id: String(of.id), line }] : [];
    }),
    areas: [
      ...tables("conflict_area").map(area("conflict")),
      ...tables("no_stopping_zone").map(area("no_stopping")),
    ],
    crossings: tables("crossing").flatMap((of) => {
      const axis = pair(of.axis_m);
      return axis ? [{ id: String(of.id), axis, width: Number(of.width_m) || 3 }] : [];
    }),
  };
}

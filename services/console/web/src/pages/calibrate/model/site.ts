// The site file's types as `wayside site schema` describes them, for the parts that the page edits.
// What it does not know (sections, live cameras' secrets, rules to come) it carries through untouched.

import type { Vec2 } from "../geometry/matrix";

export type ClassName = "car" | "truck" | "bus" | "motorcycle" | "bicycle" | "person";
export const CLASS_NAMES: readonly ClassName[] = [
  "car",
  "truck",
  "bus",
  "motorcycle",
  "bicycle",
  "person",
];
export type Box = readonly [number, number, number, number];

export interface CalibrationPoint {
  image_px: Vec2;
  ground_m: Vec2;
}

export interface Calibration {
  points: CalibrationPoint[];
  residual_m_max?: number;
  focal_px?: number | null;
}

export interface Lamp {
  group: string;
  red_px: Box;
  yellow_px?: Box | null;
  green_px: Box;
}

export interface Rtsp {
  url: string;
  user?: string | null;
  password_env?: string | null;
  password_file?: string | null;
  [other: string]: unknown;
}

export interface Camera {
  id: string;
  source?: string | null;
  rtsp?: Rtsp | null;
  width_px: number;
  height_px: number;
  calibration: Calibration;
  lamp?: Lamp[];
  [other: string]: unknown;
}

export interface SignalGroup {
  id: string;
  kind?: "vehicle" | "pedestrian";
}

export interface Lane {
  id: string;
  approach?: string | null;
  centreline_m: Vec2[];
  width_m: number;
  classes?: ClassName[] | null;
  hours?: string[];
  exits?: string[] | null;
}

export interface StopLine {
  id: string;
  line_m: [Vec2, Vec2];
  lanes: string[];
  signal_group?: string | null;
  conflict_area?: string | null;
}

export interface ExitLine {
  id: string;
  line_m: [Vec2, Vec2];
}

export interface ConflictArea {
  id: string;
  polygon_m: Vec2[];
}

export interface Crossing {
  id: string;
  axis_m: [Vec2, Vec2];
  width_m: number;
  split_at?: number;
  signal_group?: string | null;
}

export interface NoStoppingZone {
  id: string;
  polygon_m: Vec2[];
  exempt?: ClassName[];
}

export interface SiteHead {
  id: string;
  name?: string;
  start: string;
  timezone?: string;
  driving_side?: "right" | "left";
  footage?: "real" | "simulated";
}

export interface Signals {
  log?: string | null;
  tolerance_s?: number;
  state_s_max?: number;
}

export type RuleValues = Record<string, number>;

export interface SiteFile {
  schema: number;
  site: SiteHead;
  camera?: Camera[];
  signals?: Signals;
  signal_group?: SignalGroup[];
  lane?: Lane[];
  stop_line?: StopLine[];
  exit_line?: ExitLine[];
  conflict_area?: ConflictArea[];
  crossing?: Crossing[];
  no_stopping_zone?: NoStoppingZone[];
  rules?: Record<string, RuleValues | null>;
  [other: string]: unknown;
}

/** The kinds of things that are drawn on the ground, by their key in the file. */
export type GroundKind =
  | "lane"
  | "stop_line"
  | "exit_line"
  | "conflict_area"
  | "crossing"
  | "no_stopping_zone";

export interface GroundThing {
  lane: Lane;
  stop_line: StopLine;
  exit_line: ExitLine;
  conflict_area: ConflictArea;
  crossing: Crossing;
  no_stopping_zone: NoStoppingZone;
}

export const GROUND_KINDS: readonly GroundKind[] = [
  "lane",
  "stop_line",
  "exit_line",
  "conflict_area",
  "crossing",
  "no_stopping_zone",
];

export interface Shape {
  /** Whether the last point joins the first. */
  closed: boolean;
  /** How many points it takes. */
  least: number;
  most: number;
}

export const SHAPES: Readonly<Record<GroundKind, Shape>> = {
  lane: { closed: false, least: 2, most: 200 },
  stop_line: { closed: false, least: 2, most: 2 },
  exit_line: { closed: false, least: 2, most: 2 },
  conflict_area: { closed: true, least: 3, most: 200 },
  crossing: { closed: false, least: 2, most: 2 },
  no_stopping_zone: { closed: true, least: 3, most: 200 },
};

/** The things of one kind, never undefined. */
export function thingsOf<K extends GroundKind>(site: SiteFile, kind: K): GroundThing[K][] {
  return (site[kind] ?? []) as GroundThing[K][];
}

export function pointsOf(site: SiteFile, kind: GroundKind, index: number): readonly Vec2[] {
  const thing = thingsOf(site, kind)[index];
  if (!thing) return [];
  if ("centreline_m" in thing) return thing.centreline_m;
  if ("line_m" in thing) return thing.line_m;
  if ("axis_m" in thing) return thing.axis_m;
  return thing.polygon_m;
}

/** The thing with other points. */
export function withPoints<T extends GroundThing[GroundKind]>(
  thing: T,
  points: readonly Vec2[],
): T {
  const all = points.map((p) => [p[0], p[1]] as Vec2);
  if ("centreline_m" in thing) return { ...thing, centreline_m: all };
  if ("line_m" in thing) return { ...thing, line_m: all.slice(0, 2) };
  if ("axis_m" in thing) return { ...thing, axis_m: all.slice(0, 2) };
  return { ...thing, polygon_m: all };
}

export function newSite(id: string, now: string, timezone: string): SiteFile {
  return {
    schema: 1,
    site: { id, name: "", start: now, timezone, driving_side: "right", footage: "real" },
    camera: [],
    signals: {},
    signal_group: [],
    lane: [],
    stop_line: [],
    exit_line: [],
    conflict_area: [],
    crossing: [],
    no_stopping_zone: [],
    rules: {},
  };
}

export function newCamera(id: string, width_px: number, height_px: number): Camera {
  return { id, width_px, height_px, calibration: { points: [], residual_m_max: 0.5 }, lamp: [] };
}

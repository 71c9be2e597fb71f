// The rules a site file can list, their thresholds with defaults, and what each needs on the road to be
// able to fire. A test holds the table against docs/site-file.md, which is generated from the types.

import type { SiteFile } from "./site";
import { thingsOf } from "./site";

export type Unit = "s" | "m" | "m/s" | "km/h" | "share";

export interface Threshold {
  key: string;
  standard: number;
  unit: Unit;
}

export interface Rule {
  name: string;
  thresholds: readonly Threshold[];
  /** Key of the text that says what is missing, or null where it can fire. */
  missing: (site: SiteFile) => Missing | null;
}

export type Missing =
  | "stop_line_with_signal_and_area"
  | "stop_line_with_signal"
  | "lane"
  | "lane_with_exits"
  | "conflict_area"
  | "lane_with_classes"
  | "no_stopping_zone"
  | "crossing"
  | "crossing_with_signal"
  | "section_with_limit";

const seconds = (key: string, standard: number): Threshold => ({ key, standard, unit: "s" });
const metres = (key: string, standard: number): Threshold => ({ key, standard, unit: "m" });
const share = (key: string, standard: number): Threshold => ({ key, standard, unit: "share" });
const ERROR_RATE = share("error_rate_max", 0.05);

const MOTOR = ["car", "truck", "bus", "motorcycle"] as const;

const has = (found: boolean, missing: Missing): Missing | null => (found ? null : missing);

interface SectionLike {
  exit?: { site?: string | null };
  limit_kmh?: number | null;
}

export const RULES: readonly Rule[] = [
  {
    name: "red_light",
    thresholds: [seconds("grace_s", 0.3), seconds("enter_s_max", 15), ERROR_RATE],
    missing: (site) =>
      has(
        thingsOf(site, "stop_line").some((line) => line.signal_group && line.conflict_area),
        "stop_line_with_signal_and_area",
      ),
  },
  {
    name: "stop_line",
    thresholds: [metres("overrun_m_min", 0.5), seconds("stand_s_min", 1), ERROR_RATE],
    missing: (site) =>
      has(
        thingsOf(site, "stop_line").some((line) => line.signal_group),
        "stop_line_with_signal",
      ),
  },
  {
    name: "wrong_way",
    thresholds: [metres("distance_m_min", 5), seconds("duration_s_min", 0.5), ERROR_RATE],
    missing: (site) => has(thingsOf(site, "lane").length > 0, "lane"),
  },
  {
    name: "illegal_turn",
    thresholds: [ERROR_RATE],
    missing: (site) =>
      has(
        thingsOf(site, "lane").some((lane) => lane.exits),
        "lane_with_exits",
      ),
  },
  {
    name: "box_junction",
    thresholds: [seconds("dwell_s_max", 10), ERROR_RATE],
    missing: (site) => has(thingsOf(site, "conflict_area").length > 0, "conflict_area"),
  },
  {
    name: "reserved_lane",
    thresholds: [metres("distance_m_min", 30), ERROR_RATE],
    missing: (site) =>
      has(
        thingsOf(site, "lane").some(
          (lane) => lane.classes && MOTOR.some((c) => !lane.classes?.includes(c)),
        ),
        "lane_with_classes",
      ),
  },
  {
    name: "no_stopping",
    thresholds: [seconds("dwell_s_max", 30), metres("queue_gap_m", 8), ERROR_RATE],
    missing: (site) => has(thingsOf(site, "no_stopping_zone").length > 0, "no_stopping_zone"),
  },
  {
    name: "crossing_yield",
    thresholds: [{ key: "speed_ms_min", standard: 1, unit: "m/s" }, ERROR_RATE],
    missing: (site) => has(thingsOf(site, "crossing").length > 0, "crossing"),
  },
  {
    name: "section_speed",
    thresholds: [
      { key: "tolerance_kmh", standard: 0, unit: "km/h" },
      share("similarity_min", 0.75),
      share("margin_min", 0.12),
      share("violation_similarity_min", 0.85),
      share("violation_margin_min", 0.25),
      share("speeds_agree_share", 0.1),
      share("class_confidence_min", 0.6),
      ERROR_RATE,
    ],
    missing: (site) =>
      has(
        ((site.section ?? []) as SectionLike[]).some((s) => s.exit && !s.exit.site && s.limit_kmh),
        "section_with_limit",
      ),
  },
  {
    name: "pedestrian_on_red",
    thresholds: [seconds("grace_s", 0.3)],
    missing: (site) =>
      has(
        thingsOf(site, "crossing").some((crossing) => crossing.signal_group),
        "crossing_with_signal",
      ),
  },
  {
    name: "flow",
    thresholds: [seconds("interval_s", 60)],
    missing: (site) => has(thingsOf(site, "lane").length > 0, "lane"),
  },
];

/** The rules that can fire with what is drawn, and are not listed yet. */
export function rulesToOffer(site: SiteFile): Rule[] {
  return RULES.filter((rule) => !(rule.name in (site.rules ?? {})) && rule.missing(site) === null);
}

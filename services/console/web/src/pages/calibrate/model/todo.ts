// What is still missing, said while drawing. It is short on purpose: `sites/check` on the server is the
// judge; this list only spares the way there for what can be seen at once.

import { areaOf, isSimple } from "../geometry/project";
import { isId } from "./ids";
import { RULES } from "./rules";
import { GROUND_KINDS, type GroundKind, pointsOf, SHAPES, type SiteFile, thingsOf } from "./site";

/** What a note is about: a thing on the ground, a rule, the head of the file, a camera. */
export type Place =
  | { what: "thing"; kind: GroundKind; index: number }
  | { what: "rule"; rule: string }
  | { what: "head" }
  | { what: "points" }
  | { what: "draw" }
  | { what: "rules" }
  | { what: "lamps" }
  | { what: "signals" };

export interface Note {
  /** Key of the text below `calibrate.todo`. */
  text: string;
  values: Record<string, string>;
  place: Place;
  serious: boolean;
}

export function todo(site: SiteFile, pointsSound: boolean): Note[] {
  const notes: Note[] = [];
  const say = (
    text: string,
    place: Place,
    serious: boolean,
    values: Record<string, string> = {},
  ): void => {
    notes.push({ text, values, place, serious });
  };
  if (!isId(site.site.id)) say("site_id", { what: "head" }, true);
  if (!pointsSound) say("points", { what: "points" }, true);
  if (thingsOf(site, "lane").length === 0) say("no_lane", { what: "draw" }, true);
  things(site, say);
  for (const [index, line] of thingsOf(site, "stop_line").entries()) {
    const place: Place = { what: "thing", kind: "stop_line", index };
    if (line.lanes.length === 0) say("line_without_lanes", place, true, { id: line.id });
    if (!line.signal_group) say("line_without_signal", place, false, { id: line.id });
    else if (!line.conflict_area) say("line_without_area", place, false, { id: line.id });
  }
  signals(site, say);
  const rules = Object.keys(site.rules ?? {});
  if (rules.length === 0) say("no_rule", { what: "rules" }, false);
  for (const rule of RULES) {
    if (rules.includes(rule.name) && rule.missing(site) !== null) {
      say("rule_cannot_fire", { what: "rule", rule: rule.name }, true, { rule: rule.name });
    }
  }
  return notes;
}

type Say = (text: string, place: Place, serious: boolean, values?: Record<string, string>) => void;

function things(site: SiteFile, say: Say): void {
  for (const kind of GROUND_KINDS) {
    const seen = new Set<string>();
    thingsOf(site, kind).forEach((thing, index) => {
      const place: Place = { what: "thing", kind, index };
      const values = { id: thing.id };
      if (!isId(thing.id)) say("bad_id", place, true, values);
      else if (seen.has(thing.id)) say("second_id", place, true, values);
      seen.add(thing.id);
      const points = pointsOf(site, kind, index);
      if (points.length < SHAPES[kind].least) say("too_few_points", place, true, values);
      else if (SHAPES[kind].closed) {
        if (!isSimple(points)) say("crosses_itself", place, true, values);
        else if (Math.abs(areaOf(points)) <= 1) say("too_small", place, true, values);
      }
      if ("width_m" in thing) {
        const [least, most] = kind === "lane" ? [1, 10] : [0.5, 30];
        if (!(thing.width_m >= least && thing.width_m <= most)) say("width", place, true, values);
      }
    });
  }
}

function signals(site: SiteFile, say: Say): void {
  const groups = site.signal_group ?? [];
  if (site.signals?.log || groups.length === 0) return;
  const lamps = (site.camera ?? []).flatMap((camera) => camera.lamp ?? []);
  const dark = groups.filter((group) => !lamps.some((lamp) => lamp.group === group.id));
  if (dark.length)
    say("dark_groups", { what: "lamps" }, false, { ids: dark.map((g) => g.id).join(", ") });
}

/** Which thing a key of the server's errors is about: `lane.Nin_1.centreline_m`, `rules.red_light`. */
export function placeOf(site: SiteFile, key: string, camera: string): Place | null {
  const [head, name = ""] = key.split(".");
  if (head === "site" || head === "schema") return { what: "head" };
  if (head === "rules") return name ? { what: "rule", rule: name } : { what: "rules" };
  if (head === "signals" || head === "signal_group") return { what: "signals" };
  if (head === "camera") {
    if (name && name !== camera && name !== String(cameraIndex(site, camera))) return null;
    return key.includes(".lamp") ? { what: "lamps" } : { what: "points" };
  }
  const kind = GROUND_KINDS.find((k) => k === head);
  if (!kind) return null;
  const things = thingsOf(site, kind);
  let index = things.findIndex((thing) => thing.id === name);
  if (index < 0 && /^\d+$/.test(name) && things[Number(name)]) index = Number(name);
  return index < 0 ? { what: "draw" } : { what: "thing", kind, index };
}

function cameraIndex(site: SiteFile, id: string): number {
  return (site.camera ?? []).findIndex((c) => c.id === id);
}

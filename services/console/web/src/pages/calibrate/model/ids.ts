// Ids: letters, digits, `-` and `_`, at most 64, unique among their kind.

import type { Vec2 } from "../geometry/matrix";
import type { GroundKind, SiteFile } from "./site";
import { pointsOf, thingsOf } from "./site";

export const ID_CHARS_MAX = 64;

export function isId(text: string): boolean {
  return /^[A-Za-z0-9_-]{1,64}$/.test(text);
}

/** What remains of a text when it has to be an id. */
export function toId(text: string): string {
  const plain = text
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/ß/g, "ss");
  return plain
    .trim()
    .replace(/[^A-Za-z0-9_-]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, ID_CHARS_MAX);
}

/** `stem`, or the stem with the first free number. */
export function free(stem: string, taken: ReadonlySet<string>, numbered = false): string {
  if (!numbered && !taken.has(stem)) return stem;
  for (let n = 1; ; n += 1) {
    const id = `${stem}${n}`;
    if (!taken.has(id)) return id;
  }
}

const STEMS: Readonly<Record<GroundKind, string>> = {
  lane: "lane_",
  stop_line: "stop_",
  exit_line: "exit_",
  conflict_area: "middle",
  crossing: "crossing_",
  no_stopping_zone: "no_stopping_",
};

/** An id for a thing that has just been drawn; lanes are told by where they come from. */
export function suggestId(site: SiteFile, kind: GroundKind, points: readonly Vec2[]): string {
  const taken = new Set(thingsOf(site, kind).map((thing) => thing.id));
  if (kind === "lane") {
    const approach = suggestApproach(site, points);
    return free(approach ? `${approach}_` : STEMS.lane, taken, true);
  }
  if (kind === "conflict_area") return free("middle", taken);
  if (kind === "stop_line" || kind === "exit_line") {
    const approach = nearestApproach(site, points);
    if (approach) return free(approach, taken);
  }
  return free(STEMS[kind], taken, true);
}

/** The arm and way along it: `Nin` for a lane that comes in from the north, by the middle of the site. */
export function suggestApproach(site: SiteFile, points: readonly Vec2[]): string | null {
  const first = points[0];
  const last = points[points.length - 1];
  const middle = middleOf(site);
  if (!first || !last || !middle) return null;
  const far = (p: Vec2): number => Math.hypot(p[0] - middle[0], p[1] - middle[1]);
  const inward = far(first) > far(last);
  const end = inward ? first : last;
  const [dx, dy] = [end[0] - middle[0], end[1] - middle[1]];
  const arm = Math.abs(dx) > Math.abs(dy) ? (dx > 0 ? "E" : "W") : dy > 0 ? "N" : "S";
  return `${arm}${inward ? "in" : "out"}`;
}

/** The middle of the conflict areas; without them nothing tells in from out. */
function middleOf(site: SiteFile): Vec2 | null {
  const corners = thingsOf(site, "conflict_area").flatMap((area) => area.polygon_m);
  if (corners.length === 0) return null;
  const sum = corners.reduce<Vec2>((s, p) => [s[0] + p[0], s[1] + p[1]], [0, 0]);
  return [sum[0] / corners.length, sum[1] / corners.length];
}

function nearestApproach(site: SiteFile, points: readonly Vec2[]): string | null {
  const [a, b] = points;
  if (!a || !b) return null;
  const middle: Vec2 = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  let best: { approach: string; far: number } | null = null;
  for (const [index, lane] of thingsOf(site, "lane").entries()) {
    if (!lane.approach) continue;
    for (const end of [pointsOf(site, "lane", index).at(0), pointsOf(site, "lane", index).at(-1)]) {
      if (!end) continue;
      const far = Math.hypot(end[0] - middle[0], end[1] - middle[1]);
      if (far < 12 && (!best || far < best.far)) best = { approach: lane.approach, far };
    }
  }
  return best?.approach ?? null;
}

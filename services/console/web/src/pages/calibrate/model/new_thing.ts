// A thing that was just drawn: its name, and what its place tells about it.

import { distance, type Vec2 } from "../geometry/matrix";
import { roundM } from "./edit";
import { suggestApproach, suggestId } from "./ids";
import { type GroundKind, type GroundThing, type SiteFile, thingsOf } from "./site";

/** A thing as drawn, with what can be guessed about it. */
export function newThing<K extends GroundKind>(
  site: SiteFile,
  kind: K,
  drawn: readonly Vec2[],
): GroundThing[K] {
  const points = drawn.map(roundM);
  const id = suggestId(site, kind, points);
  const ends = (): [Vec2, Vec2] => [points[0] ?? [0, 0], points[1] ?? [0, 0]];
  const made: GroundThing = {
    lane: {
      id,
      ...(kind === "lane" && suggestApproach(site, points)
        ? { approach: suggestApproach(site, points) }
        : {}),
      centreline_m: points,
      width_m: thingsOf(site, "lane").at(-1)?.width_m ?? 3.25,
    },
    stop_line: {
      id,
      line_m: ends(),
      lanes: kind === "stop_line" ? lanesAt(site, ends()) : [],
      ...(thingsOf(site, "conflict_area").length === 1
        ? { conflict_area: thingsOf(site, "conflict_area")[0]?.id ?? null }
        : {}),
      ...(vehicleGroups(site).length === 1 ? { signal_group: vehicleGroups(site)[0] ?? null } : {}),
    },
    exit_line: { id, line_m: ends() },
    conflict_area: { id, polygon_m: points },
    crossing: { id, axis_m: ends(), width_m: 3 },
    no_stopping_zone: { id, polygon_m: points },
  };
  return made[kind];
}

function vehicleGroups(site: SiteFile): string[] {
  return (site.signal_group ?? []).filter((g) => g.kind !== "pedestrian").map((g) => g.id);
}

/** Lanes that end at a line, or cross it: within two metres of it, and not along it. */
export function lanesAt(site: SiteFile, [a, b]: readonly [Vec2, Vec2]): string[] {
  const span = distance(a, b);
  if (span < 0.1) return [];
  const [ux, uy] = [(b[0] - a[0]) / span, (b[1] - a[1]) / span];
  return thingsOf(site, "lane").flatMap((lane) => {
    const last = lane.centreline_m.at(-1);
    const before = lane.centreline_m.at(-2);
    if (!last || !before) return [];
    const along = (last[0] - a[0]) * ux + (last[1] - a[1]) * uy;
    const across = (last[0] - a[0]) * -uy + (last[1] - a[1]) * ux;
    const was = (before[0] - a[0]) * -uy + (before[1] - a[1]) * ux;
    const reaches =
      along > -0.2 && along < span + 0.2 && (Math.abs(across) < 4 || across * was < 0);
    return reaches && Math.abs(was) > Math.abs(across) ? [lane.id] : [];
  });
}

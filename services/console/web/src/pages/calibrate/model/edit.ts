// Changes to a site: each takes one and gives another. Names that others refer to are followed.

import type { Vec2 } from "../geometry/matrix";
import { add } from "../geometry/matrix";
import type { Camera, GroundKind, GroundThing, Lamp, RuleValues, SiteFile } from "./site";
import { pointsOf, SHAPES, thingsOf, withPoints } from "./site";

function setAt<T>(list: readonly T[], index: number, item: T): T[] {
  return list.map((old, i) => (i === index ? item : old));
}

/** Ground coordinates to the millimetre: more is noise, and keeps files readable. */
export const roundM = (p: Vec2): Vec2 => [
  Math.round(p[0] * 1e3) / 1e3,
  Math.round(p[1] * 1e3) / 1e3,
];
export const roundPx = (p: Vec2): Vec2 => [Math.round(p[0] * 10) / 10, Math.round(p[1] * 10) / 10];

export function addThing<K extends GroundKind>(
  site: SiteFile,
  kind: K,
  thing: GroundThing[K],
): SiteFile {
  return { ...site, [kind]: [...thingsOf(site, kind), thing] };
}

export function changeThing<K extends GroundKind>(
  site: SiteFile,
  kind: K,
  index: number,
  change: Partial<GroundThing[K]>,
): SiteFile {
  const thing = thingsOf(site, kind)[index];
  if (!thing) return site;
  return { ...site, [kind]: setAt(thingsOf(site, kind), index, { ...thing, ...change }) };
}

export function setPoints(
  site: SiteFile,
  kind: GroundKind,
  index: number,
  points: readonly Vec2[],
): SiteFile {
  const thing = thingsOf(site, kind)[index];
  if (!thing) return site;
  return {
    ...site,
    [kind]: setAt(thingsOf(site, kind), index, withPoints(thing, points.map(roundM))),
  };
}

export function movePoint(
  site: SiteFile,
  kind: GroundKind,
  index: number,
  point: number,
  to: Vec2,
): SiteFile {
  const points = pointsOf(site, kind, index);
  return points[point] ? setPoints(site, kind, index, setAt(points, point, to)) : site;
}

export function moveThing(site: SiteFile, kind: GroundKind, index: number, by: Vec2): SiteFile {
  return setPoints(
    site,
    kind,
    index,
    pointsOf(site, kind, index).map((p) => add(p, by)),
  );
}

/** A point more, after `point`; only shapes with more than two points take one. */
export function insertPoint(
  site: SiteFile,
  kind: GroundKind,
  index: number,
  point: number,
  at: Vec2,
): SiteFile {
  const points = pointsOf(site, kind, index);
  if (points.length >= SHAPES[kind].most) return site;
  return setPoints(site, kind, index, [
    ...points.slice(0, point + 1),
    at,
    ...points.slice(point + 1),
  ]);
}

/** A point less; the thing itself where too few would remain. */
export function removePoint(
  site: SiteFile,
  kind: GroundKind,
  index: number,
  point: number,
): SiteFile {
  const points = pointsOf(site, kind, index);
  if (points.length <= SHAPES[kind].least) return removeThing(site, kind, index);
  return setPoints(
    site,
    kind,
    index,
    points.filter((_, i) => i !== point),
  );
}

/** Turns the direction of travel of a lane, the ends of a line. */
export function turnAround(site: SiteFile, kind: GroundKind, index: number): SiteFile {
  return setPoints(site, kind, index, [...pointsOf(site, kind, index)].reverse());
}

/** The thing goes, and with it what others said of it. */
export function removeThing(site: SiteFile, kind: GroundKind, index: number): SiteFile {
  const id = thingsOf(site, kind)[index]?.id;
  if (id === undefined) return site;
  const rest = { ...site, [kind]: thingsOf(site, kind).filter((_, i) => i !== index) };
  return refer(rest, kind, id, null);
}

export function renameThing(site: SiteFile, kind: GroundKind, index: number, to: string): SiteFile {
  const from = thingsOf(site, kind)[index]?.id;
  if (from === undefined) return site;
  const things = setAt(thingsOf(site, kind), index, { ...thingsOf(site, kind)[index], id: to });
  const others = thingsOf(site, kind).filter((thing, i) => i !== index && thing.id === from);
  const renamed = { ...site, [kind]: things } as SiteFile;
  // While two have the same name nobody can tell whom others mean.
  return others.length ? renamed : refer(renamed, kind, from, to);
}

/** References to a thing, turned to another name or taken out. */
function refer(site: SiteFile, kind: GroundKind, from: string, to: string | null): SiteFile {
  const listed = (names: readonly string[]): string[] =>
    names.flatMap((name) => (name === from ? (to === null ? [] : [to]) : [name]));
  switch (kind) {
    case "lane":
      return {
        ...site,
        stop_line: thingsOf(site, "stop_line").map((line) => ({
          ...line,
          lanes: listed(line.lanes),
        })),
      };
    case "exit_line":
      return {
        ...site,
        lane: thingsOf(site, "lane").map((lane) => {
          if (!lane.exits?.includes(from)) return lane;
          const exits = listed(lane.exits);
          return { ...lane, exits: exits.length ? exits : null };
        }),
      };
    case "conflict_area":
      return {
        ...site,
        stop_line: thingsOf(site, "stop_line").map((line) =>
          line.conflict_area === from ? { ...line, conflict_area: to } : line,
        ),
      };
    default:
      return site;
  }
}

export function renameGroup(site: SiteFile, from: string, to: string | null): SiteFile {
  const groups = site.signal_group ?? [];
  const swap = <T extends { signal_group?: string | null }>(thing: T): T =>
    thing.signal_group === from ? { ...thing, signal_group: to } : thing;
  return {
    ...site,
    signal_group:
      to === null
        ? groups.filter((group) => group.id !== from)
        : groups.map((group) => (group.id === from ? { ...group, id: to } : group)),
    stop_line: thingsOf(site, "stop_line").map(swap),
    crossing: thingsOf(site, "crossing").map(swap),
    camera: (site.camera ?? []).map((camera) => ({
      ...camera,
      lamp: (camera.lamp ?? []).flatMap((lamp) =>
        lamp.group !== from ? [lamp] : to === null ? [] : [{ ...lamp, group: to }],
      ),
    })),
  };
}

export function changeCamera(
  site: SiteFile,
  id: string,
  change: (camera: Camera) => Camera,
): SiteFile {
  return { ...site, camera: (site.camera ?? []).map((c) => (c.id === id ? change(c) : c)) };
}

export function setLamps(site: SiteFile, camera: string, lamps: Lamp[]): SiteFile {
  return changeCamera(site, camera, (c) => ({ ...c, lamp: lamps }));
}

/** A rule with its values; null takes it out, so that it does not run. */
export function setRule(site: SiteFile, rule: string, values: RuleValues | null): SiteFile {
  const rules = { ...(site.rules ?? {}) };
  if (values === null) delete rules[rule];
  else rules[rule] = values;
  return { ...site, rules };
}

// What is selected, moved by the arrow keys.

import type { Vec2 } from "../geometry/matrix";
import { changePoint, type Draft } from "./draft";
import * as edit from "./edit";
import { type Box, pointsOf } from "./site";
import type { Selection } from "./state";

/** Moves the selected point, or the whole thing, by so much on the ground (metres). */
export function nudgeGround(draft: Draft, selection: Selection | null, by: Vec2): Draft {
  if (selection?.what === "thing") {
    const { kind, index, point } = selection;
    const at = point === null ? null : pointsOf(draft.site, kind, index)[point];
    const site = at
      ? edit.movePoint(draft.site, kind, index, point ?? 0, [at[0] + by[0], at[1] + by[1]])
      : edit.moveThing(draft.site, kind, index, by);
    return { ...draft, site };
  }
  if (selection?.what === "pair") {
    const pair = draft.points.find((p) => p.key === selection.key);
    if (!pair?.ground_m) return draft;
    return changePoint(draft, selection.key, {
      ground_m: edit.roundM([pair.ground_m[0] + by[0], pair.ground_m[1] + by[1]]),
    });
  }
  return draft;
}

/** Moves what is selected by pixels: picture points, distances, lamps. Ground things go by `toGround`. */
export function nudgePicture(
  draft: Draft,
  selection: Selection | null,
  by: Vec2,
  maps: { toImage: (g: Vec2) => Vec2 | null; toGround: (i: Vec2) => Vec2 | null },
): Draft {
  const moved = (p: Vec2): Vec2 => edit.roundPx([p[0] + by[0], p[1] + by[1]]);
  if (selection?.what === "pair") {
    const pair = draft.points.find((p) => p.key === selection.key);
    return pair?.image_px
      ? changePoint(draft, selection.key, { image_px: moved(pair.image_px) })
      : draft;
  }
  if (selection?.what === "distance") {
    const end = selection.end === 0 ? "from_px" : "to_px";
    return {
      ...draft,
      distances: draft.distances.map((d) =>
        d.key === selection.key ? { ...d, [end]: moved(d[end]) } : d,
      ),
    };
  }
  if (selection?.what === "lamp") {
    const camera = (draft.site.camera ?? []).find((c) => c.id === draft.camera);
    const lamps = (camera?.lamp ?? []).map((lamp, index) => {
      const box = lamp[selection.lamp];
      if (index !== selection.index || !box) return lamp;
      const [l, t] = moved([box[0], box[1]]);
      const [r, b] = moved([box[2], box[3]]);
      return { ...lamp, [selection.lamp]: [l, t, r, b] as Box };
    });
    return { ...draft, site: edit.setLamps(draft.site, draft.camera, lamps) };
  }
  if (selection?.what === "thing") {
    const { kind, index, point } = selection;
    const points = pointsOf(draft.site, kind, index);
    const shifted = points.map((p, i) => {
      if (point !== null && i !== point) return p;
      const seen = maps.toImage(p);
      return seen ? (maps.toGround([seen[0] + by[0], seen[1] + by[1]]) ?? p) : p;
    });
    return { ...draft, site: edit.setPoints(draft.site, kind, index, shifted) };
  }
  return draft;
}

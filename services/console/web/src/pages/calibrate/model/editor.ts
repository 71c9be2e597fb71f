// The editor as a state and what can happen to it. Pure: the page holds one in a reducer.

import { distance, type Vec2 } from "../geometry/matrix";
import {
  addGroundPoint,
  addPicturePoint,
  changePoint,
  type Draft,
  freshKey,
  removeDraftPoint,
} from "./draft";
import * as edit from "./edit";
import { begin, type History, redo, settle, step, undo } from "./history";
import { suggestApproach, suggestId } from "./ids";
import {
  type Box,
  type GroundKind,
  type GroundThing,
  type Lamp,
  pointsOf,
  SHAPES,
  type SiteFile,
  thingsOf,
} from "./site";

export type LampKey = "red_px" | "yellow_px" | "green_px";

export type Selection =
  | { what: "thing"; kind: GroundKind; index: number; point: number | null }
  | { what: "lamp"; index: number; lamp: LampKey }
  | { what: "pair"; key: string }
  | { what: "distance"; key: string; end: 0 | 1 };

export type Tool = "select" | "pair" | "distance" | "lamp" | GroundKind;

export interface LampDrawing {
  group: string;
  boxes: Partial<Record<LampKey, Box>>;
}

export interface Editor {
  history: History<Draft>;
  selection: Selection | null;
  tool: Tool;
  /** Ground points of the thing being drawn, metres; pixels for distances and lamps. */
  drawing: readonly Vec2[];
  lamp: LampDrawing | null;
}

export type Action =
  | { do: "tool"; tool: Tool; group?: string }
  | { do: "select"; selection: Selection | null }
  | { do: "draw"; at: Vec2 }
  | { do: "finish" }
  | { do: "back" }
  | { do: "cancel" }
  | { do: "undo" }
  | { do: "redo" }
  | { do: "settle" }
  | { do: "draft"; change: (draft: Draft) => Draft; mark?: string }
  | { do: "site"; change: (site: SiteFile) => SiteFile; mark?: string }
  | { do: "picture_point"; at: Vec2 }
  | { do: "ground_point"; at: Vec2 }
  | { do: "delete" };

export function beginEditor(draft: Draft): Editor {
  return { history: begin(draft), selection: null, tool: "select", drawing: [], lamp: null };
}

export function reduce(editor: Editor, action: Action): Editor {
  const draft = editor.history.present;
  switch (action.do) {
    case "tool":
      return {
        ...editor,
        tool: action.tool,
        drawing: [],
        selection: action.tool === "select" ? editor.selection : null,
        lamp: action.tool === "lamp" && action.group ? { group: action.group, boxes: {} } : null,
      };
    case "select":
      return { ...editor, selection: action.selection, history: settle(editor.history) };
    case "draw":
      return draw(editor, action.at);
    case "finish":
      return finish(editor);
    case "back":
      return { ...editor, drawing: editor.drawing.slice(0, -1) };
    case "cancel":
      if (editor.drawing.length || (editor.lamp && Object.keys(editor.lamp.boxes).length)) {
        return { ...editor, drawing: [], lamp: editor.lamp ? { ...editor.lamp, boxes: {} } : null };
      }
      if (editor.tool !== "select") return { ...editor, tool: "select", lamp: null };
      return { ...editor, selection: null };
    case "undo":
      // While something is drawn, undo takes back its last point.
      if (editor.drawing.length) return { ...editor, drawing: editor.drawing.slice(0, -1) };
      return sound({ ...editor, history: undo(editor.history) });
    case "redo":
      return sound({ ...editor, history: redo(editor.history) });
    case "settle":
      return { ...editor, history: settle(editor.history) };
    case "draft":
      return sound(next(editor, action.change(draft), action.mark));
    case "site":
      return sound(next(editor, { ...draft, site: action.change(draft.site) }, action.mark));
    case "picture_point": {
      const added = addPicturePoint(draft, edit.roundPx(action.at));
      return { ...next(editor, added.draft), selection: { what: "pair", key: added.key } };
    }
    case "ground_point": {
      const added = addGroundPoint(draft, edit.roundM(action.at));
      return { ...next(editor, added.draft), selection: { what: "pair", key: added.key } };
    }
    case "delete":
      return remove(editor);
  }
}

function next(editor: Editor, draft: Draft, mark: string | null = null): Editor {
  return { ...editor, history: step(editor.history, draft, mark) };
}

function draw(editor: Editor, at: Vec2): Editor {
  const tool = editor.tool;
  if (tool === "select" || tool === "pair") return editor;
  if (tool === "lamp") return drawLamp(editor, at);
  const last = editor.drawing[editor.drawing.length - 1];
  if (last && distance(last, at) < 0.05) return editor;
  const drawing = [...editor.drawing, at];
  if (tool === "distance") {
    const [from, to] = drawing;
    if (!from || !to) return { ...editor, drawing };
    const draft = editor.history.present;
    const key = freshKey();
    const distances = [
      ...draft.distances,
      { key, from_px: edit.roundPx(from), to_px: edit.roundPx(to), length_m: null },
    ];
    return {
      ...next(editor, { ...draft, distances }),
      drawing: [],
      selection: { what: "distance", key, end: 1 },
    };
  }
  const full = drawing.length >= SHAPES[tool].most;
  return full ? finish({ ...editor, drawing }) : { ...editor, drawing };
}

/** The lamps of a head in the order in which they are drawn. */
export function lampOrder(site: SiteFile, group: string): readonly LampKey[] {
  const people = (site.signal_group ?? []).find((g) => g.id === group)?.kind === "pedestrian";
  return people ? ["red_px", "green_px"] : ["red_px", "yellow_px", "green_px"];
}

export function nextLamp(editor: Editor): LampKey | null {
  if (!editor.lamp) return null;
  const { group, boxes } = editor.lamp;
  return lampOrder(editor.history.present.site, group).find((key) => !boxes[key]) ?? null;
}

function drawLamp(editor: Editor, at: Vec2): Editor {
  const key = nextLamp(editor);
  if (!editor.lamp || !key) return editor;
  const from = editor.drawing[0];
  if (!from) return { ...editor, drawing: [at] };
  const box = boxOf(from, at);
  if (box[2] - box[0] < 1 || box[3] - box[1] < 1) return editor;
  const lamp: LampDrawing = { ...editor.lamp, boxes: { ...editor.lamp.boxes, [key]: box } };
  const drawn: Editor = { ...editor, drawing: [], lamp };
  return nextLamp(drawn) ? drawn : finish(drawn);
}

export function boxOf(a: Vec2, b: Vec2): Box {
  const [x, y] = edit.roundPx([Math.min(a[0], b[0]), Math.min(a[1], b[1])]);
  const [right, bottom] = edit.roundPx([Math.max(a[0], b[0]), Math.max(a[1], b[1])]);
  return [x, y, right, bottom];
}

function finish(editor: Editor): Editor {
  const { tool, drawing } = editor;
  const draft = editor.history.present;
  if (tool === "lamp") {
    const boxes = editor.lamp?.boxes;
    if (!editor.lamp || !boxes?.red_px || !boxes.green_px) return editor;
    const lamp: Lamp = { group: editor.lamp.group, red_px: boxes.red_px, green_px: boxes.green_px };
    if (boxes.yellow_px) lamp.yellow_px = boxes.yellow_px;
    const camera = (draft.site.camera ?? []).find((c) => c.id === draft.camera);
    const lamps = [...(camera?.lamp ?? []), lamp];
    const drawn = next(editor, { ...draft, site: edit.setLamps(draft.site, draft.camera, lamps) });
    return {
      ...drawn,
      tool: "select",
      lamp: null,
      drawing: [],
      selection: { what: "lamp", index: lamps.length - 1, lamp: "red_px" },
    };
  }
  if (tool === "select" || tool === "pair" || tool === "distance") return editor;
  if (drawing.length < SHAPES[tool].least) return editor;
  const site = edit.addThing(draft.site, tool, newThing(draft.site, tool, drawing));
  return {
    ...next(editor, { ...draft, site }),
    drawing: [],
    selection: { what: "thing", kind: tool, index: thingsOf(site, tool).length - 1, point: null },
  };
}

/** A thing as drawn, with what can be guessed about it. */
export function newThing<K extends GroundKind>(
  site: SiteFile,
  kind: K,
  drawn: readonly Vec2[],
): GroundThing[K] {
  const points = drawn.map(edit.roundM);
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

function remove(editor: Editor): Editor {
  const { selection } = editor;
  const draft = editor.history.present;
  if (editor.drawing.length) return { ...editor, drawing: editor.drawing.slice(0, -1) };
  if (!selection) return editor;
  if (selection.what === "pair") {
    return { ...next(editor, removeDraftPoint(draft, selection.key)), selection: null };
  }
  if (selection.what === "distance") {
    const distances = draft.distances.filter((d) => d.key !== selection.key);
    return { ...next(editor, { ...draft, distances }), selection: null };
  }
  if (selection.what === "lamp") {
    const camera = (draft.site.camera ?? []).find((c) => c.id === draft.camera);
    const lamps = (camera?.lamp ?? []).filter((_, i) => i !== selection.index);
    return {
      ...next(editor, { ...draft, site: edit.setLamps(draft.site, draft.camera, lamps) }),
      selection: null,
    };
  }
  const { kind, index, point } = selection;
  const whole = point === null || pointsOf(draft.site, kind, index).length <= SHAPES[kind].least;
  const site = whole
    ? edit.removeThing(draft.site, kind, index)
    : edit.removePoint(draft.site, kind, index, point);
  return {
    ...next(editor, { ...draft, site }),
    selection: whole ? null : { ...selection, point: Math.max(0, point - 1) },
  };
}

/** A selection of something that is no longer there is none. */
function sound(editor: Editor): Editor {
  const { selection } = editor;
  const draft = editor.history.present;
  if (!selection) return editor;
  const there =
    selection.what === "pair"
      ? draft.points.some((p) => p.key === selection.key)
      : selection.what === "distance"
        ? draft.distances.some((d) => d.key === selection.key)
        : selection.what === "lamp"
          ? ((draft.site.camera ?? []).find((c) => c.id === draft.camera)?.lamp ?? [])[
              selection.index
            ] !== undefined
          : pointsOf(draft.site, selection.kind, selection.index).length > (selection.point ?? 0);
  return there ? editor : { ...editor, selection: null };
}

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

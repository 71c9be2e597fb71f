// Drawing: point by point, until a thing, a distance or a signal head is complete.

import { distance, type Vec2 } from "../geometry/matrix";
import { freshKey } from "./draft";
import * as edit from "./edit";
import { newThing } from "./new_thing";
import { type Box, type Lamp, SHAPES, type SiteFile, thingsOf } from "./site";
import { type Editor, type LampDrawing, type LampKey, next } from "./state";

/** One point more; the last one that a thing can have completes it. */
export function draw(editor: Editor, at: Vec2): Editor {
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

/** The lamp of the head that is drawn next; null where none is. */
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

/** The box between two opposite corners, pixels: left, top, right, bottom. */
export function boxOf(a: Vec2, b: Vec2): Box {
  const [x, y] = edit.roundPx([Math.min(a[0], b[0]), Math.min(a[1], b[1])]);
  const [right, bottom] = edit.roundPx([Math.max(a[0], b[0]), Math.max(a[1], b[1])]);
  return [x, y, right, bottom];
}

/** Makes a thing of what is drawn; what has too few points stays a drawing. */
export function finish(editor: Editor): Editor {
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

// What is selected: taken away, or no longer there.

import { removeDraftPoint } from "./draft";
import * as edit from "./edit";
import { pointsOf, SHAPES } from "./site";
import { type Editor, next } from "./state";

/** Takes back the last point of a drawing, else takes away what is selected: a point, or all of a thing. */
export function remove(editor: Editor): Editor {
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
export function sound(editor: Editor): Editor {
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

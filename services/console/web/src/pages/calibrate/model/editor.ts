// What can happen to the editor. Pure: the page holds one in a reducer.

import type { Vec2 } from "../geometry/matrix";
import { addGroundPoint, addPicturePoint, type Draft } from "./draft";
import { draw, finish } from "./drawing";
import * as edit from "./edit";
import { redo, settle, undo } from "./history";
import { remove, sound } from "./selected";
import type { SiteFile } from "./site";
import { type Editor, next, type Selection, type Tool } from "./state";

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

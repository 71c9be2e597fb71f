// What the editor holds: the draft with its history, what is selected, and what is being drawn.

import type { Vec2 } from "../geometry/matrix";
import type { Draft } from "./draft";
import { begin, type History, step } from "./history";
import type { Box, GroundKind } from "./site";

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

export function beginEditor(draft: Draft): Editor {
  return { history: begin(draft), selection: null, tool: "select", drawing: [], lamp: null };
}

/** One step on: another draft, kept in the history. */
export function next(editor: Editor, draft: Draft, mark: string | null = null): Editor {
  return { ...editor, history: step(editor.history, draft, mark) };
}

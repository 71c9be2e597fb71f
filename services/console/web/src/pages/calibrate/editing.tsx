/** The editor of the page, for every part of it. */
import { createContext, type Dispatch, useContext } from "react";
import type { Solution } from "./geometry/advice";
import type { Draft, DraftOrigin } from "./model/draft";
import type { Action } from "./model/editor";
import type { Camera } from "./model/site";
import type { Editor } from "./model/state";

export type StepName = "ground" | "draw" | "rules" | "check";

export interface Editing {
  editor: Editor;
  draft: Draft;
  camera: Camera;
  origin: DraftOrigin;
  solution: Solution;
  /** Address of the redacted picture; null where there is none now. */
  picture: string | null;
  dispatch: Dispatch<Action>;
  setOrigin: (change: Partial<DraftOrigin>) => void;
  goTo: (step: StepName) => void;
  /** The draft is in its file now: there is nothing to keep in the browser. */
  markSaved: () => void;
}

const Context = createContext<Editing | undefined>(undefined);
export const EditingProvider = Context;

export function useEditing(): Editing {
  const editing = useContext(Context);
  if (!editing) throw new Error("used outside of the calibration");
  return editing;
}

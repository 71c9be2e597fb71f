/** Everything drawn on the ground, as one pane sees it: the plan straight down, the picture by its map. */
import type { ReactNode } from "react";
import type { Action } from "../model/editor";
import { type GroundKind, type SiteFile, thingsOf } from "../model/site";
import type { Selection } from "../model/state";
import { GroundHandles } from "./GroundHandles";
import { GroundLabels } from "./GroundLabels";
import { GroundShape } from "./GroundShape";
import styles from "./panes.module.css";
import type { Projection } from "./projection";

export function GroundLayer({
  site,
  selection,
  projection,
  through,
  faint = false,
  dispatch,
  pointName,
}: {
  site: SiteFile;
  selection: Selection | null;
  projection: Projection;
  /** While something is drawn, clicks go through to the sheet. */
  through: boolean;
  faint?: boolean;
  dispatch: (action: Action) => void;
  pointName: (index: number) => string;
}) {
  const chosen = selection?.what === "thing" ? selection : null;
  const shapes: ReactNode[] = [];
  // Areas below, lines above.
  const order: GroundKind[] = [
    "no_stopping_zone",
    "conflict_area",
    "crossing",
    "lane",
    "exit_line",
    "stop_line",
  ];
  for (const kind of order) {
    thingsOf(site, kind).forEach((_, index) => {
      const mine = chosen?.kind === kind && chosen.index === index;
      shapes.push(
        <GroundShape
          // biome-ignore lint/suspicious/noArrayIndexKey: an id may stand twice while it is typed.
          key={`${kind}-${index}`}
          site={site}
          kind={kind}
          index={index}
          chosen={mine}
          projection={projection}
          onSelect={() =>
            dispatch({ do: "select", selection: { what: "thing", kind, index, point: null } })
          }
        />,
      );
    });
  }
  return (
    <g className={[through ? styles.through : "", faint ? styles.faint : ""].join(" ")}>
      {shapes}
      {faint ? null : <GroundLabels site={site} chosen={chosen} projection={projection} />}
      {chosen && !through ? (
        <GroundHandles
          site={site}
          chosen={chosen}
          projection={projection}
          dispatch={dispatch}
          pointName={pointName}
        />
      ) : null}
    </g>
  );
}

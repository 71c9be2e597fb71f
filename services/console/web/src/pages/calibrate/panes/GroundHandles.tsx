/** The points of what is selected, to be moved, and places between them where another can be put. */
import type { Vec2 } from "../geometry/matrix";
import { insertPoint, movePoint } from "../model/edit";
import type { Action } from "../model/editor";
import { pointsOf, SHAPES, type SiteFile } from "../model/site";
import { snap } from "../model/snap";
import type { Selection } from "../model/state";
import type { Projection } from "./projection";
import { Handle } from "./Stage";

export function GroundHandles({
  site,
  chosen,
  projection,
  dispatch,
  pointName,
}: {
  site: SiteFile;
  chosen: Extract<Selection, { what: "thing" }>;
  projection: Projection;
  dispatch: (action: Action) => void;
  pointName: (index: number) => string;
}) {
  const { kind, index } = chosen;
  const points = pointsOf(site, kind, index);
  const takesMore = points.length < SHAPES[kind].most;
  const pairs = SHAPES[kind].closed ? points.length : points.length - 1;
  return (
    <>
      {takesMore
        ? Array.from({ length: pairs }, (_, i) => {
            const a = points[i];
            const b = points[(i + 1) % points.length];
            const middle: Vec2 | null = a && b ? [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2] : null;
            const at = middle ? projection.point(middle) : null;
            return at && middle ? (
              <Handle
                // biome-ignore lint/suspicious/noArrayIndexKey: points have no names but their places.
                key={`add-${i}`}
                at={at}
                kind="add"
                onGrab={() => {
                  dispatch({ do: "site", change: (s) => insertPoint(s, kind, index, i, middle) });
                  dispatch({
                    do: "select",
                    selection: { what: "thing", kind, index, point: i + 1 },
                  });
                }}
              />
            ) : null;
          })
        : null}
      {points.map((p, i) => {
        const at = projection.point(p);
        return at ? (
          <Handle
            // biome-ignore lint/suspicious/noArrayIndexKey: points have no names but their places.
            key={i}
            at={at}
            label={pointName(i)}
            selected={chosen.point === i}
            onGrab={() =>
              dispatch({ do: "select", selection: { what: "thing", kind, index, point: i } })
            }
            onMove={(world, scale) => {
              const ground = projection.ground(world);
              if (!ground) return;
              dispatch({
                do: "site",
                mark: `drag-${kind}-${index}-${i}`,
                change: (s) =>
                  movePoint(
                    s,
                    kind,
                    index,
                    i,
                    snap(s, ground, projection.reach(world, scale), kind, { kind, index, point: i })
                      .at,
                  ),
              });
            }}
            onDrop={() => dispatch({ do: "settle" })}
          />
        ) : null;
      })}
    </>
  );
}

/** What is selected, and what can be said about it. */
import { useTexts } from "@/texts";
import { Button, Panel, TextField } from "@/ui";
import shared from "../calibrate.module.css";
import { useEditing } from "../editing";
import { changeThing, renameThing } from "../model/edit";
import { isId } from "../model/ids";
import { type GroundKind, type GroundThing, thingsOf } from "../model/site";
import { ClassTicks } from "./inspect/ClassTicks";
import { CrossingFields } from "./inspect/CrossingFields";
import { LaneFields } from "./inspect/LaneFields";
import { StopLineFields } from "./inspect/StopLineFields";

export function Inspector() {
  const t = useTexts();
  const { editor, draft, camera, dispatch } = useEditing();
  const { selection } = editor;
  if (selection?.what === "lamp") {
    const lamp = camera.lamp?.[selection.index];
    return (
      <Panel
        title={t("calibrate.inspect.lamp", { group: lamp?.group ?? "" })}
        actions={
          <Button size="small" kind="danger" onPress={() => dispatch({ do: "delete" })}>
            {t("calibrate.inspect.remove")}
          </Button>
        }
      >
        <p className={shared.hint}>{t("calibrate.inspect.lamp_help")}</p>
      </Panel>
    );
  }
  if (selection?.what !== "thing") return null;
  const { kind, index } = selection;
  const thing = thingsOf(draft.site, kind)[index];
  if (!thing) return null;
  return (
    <Panel
      title={t(`calibrate.inspect.${kind}`)}
      actions={
        <Button
          size="small"
          kind="danger"
          onPress={() => {
            dispatch({ do: "select", selection: { ...selection, point: null } });
            dispatch({ do: "delete" });
          }}
        >
          {t("calibrate.inspect.remove")}
        </Button>
      }
    >
      <div className={shared.stack} key={`${kind}-${index}`}>
        <IdField kind={kind} index={index} />
        {kind === "lane" ? <LaneFields lane={thing as GroundThing["lane"]} index={index} /> : null}
        {kind === "stop_line" ? (
          <StopLineFields line={thing as GroundThing["stop_line"]} index={index} />
        ) : null}
        {kind === "crossing" ? (
          <CrossingFields crossing={thing as GroundThing["crossing"]} index={index} />
        ) : null}
        {kind === "no_stopping_zone" ? (
          <ClassTicks
            legend={t("calibrate.inspect.exempt")}
            chosen={(thing as GroundThing["no_stopping_zone"]).exempt ?? []}
            onChange={(exempt) =>
              dispatch({
                do: "site",
                change: (s) => changeThing(s, "no_stopping_zone", index, { exempt }),
              })
            }
          />
        ) : null}
        <p className={shared.hint}>{t(`calibrate.inspect.${kind}_help`)}</p>
      </div>
    </Panel>
  );
}

function IdField({ kind, index }: { kind: GroundKind; index: number }) {
  const t = useTexts();
  const { draft, dispatch } = useEditing();
  const things = thingsOf(draft.site, kind);
  const id = things[index]?.id ?? "";
  const twice = things.some((thing, i) => i !== index && thing.id === id);
  return (
    <TextField
      label={t("calibrate.inspect.id")}
      value={id}
      error={
        !isId(id)
          ? t("calibrate.choose.id_fault")
          : twice
            ? t("calibrate.inspect.twice")
            : undefined
      }
      onChange={(text) =>
        dispatch({
          do: "site",
          mark: `id-${kind}-${index}`,
          change: (site) => renameThing(site, kind, index, text.replace(/\s/g, "_")),
        })
      }
      onBlur={() => dispatch({ do: "settle" })}
    />
  );
}

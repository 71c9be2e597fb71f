/** A stop line: the lanes that end there, its signal, and the area behind it. */
import { useTexts } from "@/texts";
import { Checkbox, Select } from "@/ui";
import shared from "../../calibrate.module.css";
import { useEditing } from "../../editing";
import { changeThing } from "../../model/edit";
import { type GroundThing, thingsOf } from "../../model/site";
import { GroupSelect, NONE } from "./GroupSelect";
import styles from "./inspect.module.css";

export function StopLineFields({ line, index }: { line: GroundThing["stop_line"]; index: number }) {
  const t = useTexts();
  const { draft, dispatch } = useEditing();
  const change = (next: Partial<GroundThing["stop_line"]>) =>
    dispatch({ do: "site", change: (site) => changeThing(site, "stop_line", index, next) });
  const lanes = thingsOf(draft.site, "lane");
  const areas = thingsOf(draft.site, "conflict_area");
  return (
    <>
      <fieldset className={styles.set}>
        <legend>{t("calibrate.inspect.lanes")}</legend>
        {lanes.length === 0 ? (
          <p className={shared.hint}>{t("calibrate.inspect.no_lanes")}</p>
        ) : null}
        {lanes.map((lane) => (
          <Checkbox
            key={lane.id}
            isSelected={line.lanes.includes(lane.id)}
            onChange={(on) =>
              change({
                lanes: lanes
                  .map((l) => l.id)
                  .filter((id) => (id === lane.id ? on : line.lanes.includes(id))),
              })
            }
          >
            {lane.id}
          </Checkbox>
        ))}
      </fieldset>
      <GroupSelect
        kind="vehicle"
        value={line.signal_group ?? null}
        onChange={(signal_group) => change({ signal_group })}
      />
      <Select
        label={t("calibrate.inspect.area")}
        value={line.conflict_area ?? NONE}
        choices={[
          { id: NONE, label: t("calibrate.inspect.no_area") },
          ...areas.map((area) => ({ id: area.id, label: area.id })),
        ]}
        onChange={(id) => change({ conflict_area: id === NONE ? null : id })}
      />
    </>
  );
}

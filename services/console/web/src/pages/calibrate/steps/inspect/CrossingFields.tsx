/** A crossing: how wide, where the road's halves meet, and its signal. */
import { useTexts } from "@/texts";
import { NumberField } from "@/ui";
import shared from "../../calibrate.module.css";
import { useEditing } from "../../editing";
import { changeThing } from "../../model/edit";
import type { GroundThing } from "../../model/site";
import { GroupSelect } from "./GroupSelect";

export function CrossingFields({
  crossing,
  index,
}: {
  crossing: GroundThing["crossing"];
  index: number;
}) {
  const t = useTexts();
  const { dispatch } = useEditing();
  const change = (next: Partial<GroundThing["crossing"]>) =>
    dispatch({ do: "site", change: (site) => changeThing(site, "crossing", index, next) });
  return (
    <>
      <div className={shared.fields}>
        <NumberField
          label={t("calibrate.inspect.band")}
          unit={t("calibrate.unit.m")}
          minValue={0.5}
          maxValue={30}
          value={crossing.width_m}
          onChange={(width_m) => {
            if (Number.isFinite(width_m)) change({ width_m });
          }}
        />
        <NumberField
          label={t("calibrate.inspect.split")}
          minValue={0}
          maxValue={1}
          value={crossing.split_at ?? 0.5}
          onChange={(split_at) => {
            if (Number.isFinite(split_at)) change({ split_at });
          }}
        />
      </div>
      <GroupSelect
        kind="pedestrian"
        value={crossing.signal_group ?? null}
        onChange={(signal_group) => change({ signal_group })}
      />
    </>
  );
}

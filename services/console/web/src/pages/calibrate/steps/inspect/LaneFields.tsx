/** A lane: how wide, of which arm, where it leads, and for whom it is. */
import { useState } from "react";
import { useTexts } from "@/texts";
import { Button, Checkbox, Icon, NumberField, TextField } from "@/ui";
import shared from "../../calibrate.module.css";
import { useEditing } from "../../editing";
import { changeThing, turnAround } from "../../model/edit";
import { type GroundThing, thingsOf } from "../../model/site";
import { ClassTicks } from "./ClassTicks";
import styles from "./inspect.module.css";

export function LaneFields({ lane, index }: { lane: GroundThing["lane"]; index: number }) {
  const t = useTexts();
  const { draft, dispatch } = useEditing();
  const change = (next: Partial<GroundThing["lane"]>, mark?: string) =>
    dispatch({
      do: "site",
      ...(mark ? { mark: `${mark}-${index}` } : {}),
      change: (site) => changeThing(site, "lane", index, next),
    });
  const exits = thingsOf(draft.site, "exit_line");
  const [hours, setHours] = useState((lane.hours ?? []).join(", "));
  return (
    <>
      <div className={shared.fields}>
        <NumberField
          label={t("calibrate.inspect.width")}
          unit={t("calibrate.unit.m")}
          minValue={1}
          maxValue={10}
          value={lane.width_m}
          onChange={(width_m) => {
            if (Number.isFinite(width_m)) change({ width_m }, "width");
          }}
        />
        <TextField
          label={t("calibrate.inspect.approach")}
          value={lane.approach ?? ""}
          onChange={(text) => change({ approach: text.replace(/\s/g, "") || null }, "approach")}
          onBlur={() => dispatch({ do: "settle" })}
        />
      </div>
      <div>
        <Button
          size="small"
          onPress={() => dispatch({ do: "site", change: (s) => turnAround(s, "lane", index) })}
        >
          <Icon name="replay" />
          {t("calibrate.inspect.turn")}
        </Button>
      </div>
      {exits.length ? (
        <fieldset className={styles.set}>
          <legend>{t("calibrate.inspect.exits")}</legend>
          {exits.map((line) => (
            <Checkbox
              key={line.id}
              isSelected={lane.exits?.includes(line.id) ?? false}
              onChange={(on) => {
                const next = exits
                  .map((one) => one.id)
                  .filter((id) => (id === line.id ? on : lane.exits?.includes(id)));
                change({ exits: next.length ? next : null });
              }}
            >
              {line.id}
            </Checkbox>
          ))}
          <p className={shared.hint}>{t("calibrate.inspect.exits_note")}</p>
        </fieldset>
      ) : null}
      <ClassTicks
        legend={t("calibrate.inspect.classes")}
        note={t("calibrate.inspect.classes_note")}
        chosen={lane.classes ?? []}
        onChange={(classes) => change({ classes: classes.length ? classes : null })}
      />
      {lane.classes?.length ? (
        <TextField
          label={t("calibrate.inspect.hours")}
          description={t("calibrate.inspect.hours_note")}
          value={hours}
          onChange={(text) => {
            setHours(text);
            change(
              {
                hours: text
                  .split(",")
                  .map((h) => h.trim())
                  .filter(Boolean),
              },
              "hours",
            );
          }}
          onBlur={() => dispatch({ do: "settle" })}
        />
      ) : null}
    </>
  );
}

/** What is selected, and what can be said about it. */
import { useState } from "react";
import { useTexts } from "@/texts";
import { Button, Checkbox, Icon, NumberField, Panel, Select, TextField } from "@/ui";
import styles from "../calibrate.module.css";
import { useEditing } from "../editing";
import { changeThing, renameThing, turnAround } from "../model/edit";
import { isId } from "../model/ids";
import {
  CLASS_NAMES,
  type ClassName,
  type GroundKind,
  type GroundThing,
  thingsOf,
} from "../model/site";

const NONE = "·none";

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
        <p className={styles.hint}>{t("calibrate.inspect.lamp_help")}</p>
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
      <div className={styles.form} key={`${kind}-${index}`}>
        <IdField kind={kind} index={index} />
        {kind === "lane" ? <LaneFields lane={thing as GroundThing["lane"]} index={index} /> : null}
        {kind === "stop_line" ? (
          <StopLineFields line={thing as GroundThing["stop_line"]} index={index} />
        ) : null}
        {kind === "crossing" ? (
          <CrossingFields crossing={thing as GroundThing["crossing"]} index={index} />
        ) : null}
        {kind === "no_stopping_zone" ? (
          <Classes
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
        <p className={styles.hint}>{t(`calibrate.inspect.${kind}_help`)}</p>
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

function LaneFields({ lane, index }: { lane: GroundThing["lane"]; index: number }) {
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
      <div className={styles.fields}>
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
          <p className={styles.hint}>{t("calibrate.inspect.exits_note")}</p>
        </fieldset>
      ) : null}
      <Classes
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

function StopLineFields({ line, index }: { line: GroundThing["stop_line"]; index: number }) {
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
          <p className={styles.hint}>{t("calibrate.inspect.no_lanes")}</p>
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

function CrossingFields({ crossing, index }: { crossing: GroundThing["crossing"]; index: number }) {
  const t = useTexts();
  const { dispatch } = useEditing();
  const change = (next: Partial<GroundThing["crossing"]>) =>
    dispatch({ do: "site", change: (site) => changeThing(site, "crossing", index, next) });
  return (
    <>
      <div className={styles.fields}>
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

/** A signal group, or a new one on the spot. */
function GroupSelect({
  kind,
  value,
  onChange,
}: {
  kind: "vehicle" | "pedestrian";
  value: string | null;
  onChange: (group: string | null) => void;
}) {
  const t = useTexts();
  const { draft, dispatch } = useEditing();
  const all = draft.site.signal_group ?? [];
  const groups = all.filter((g) => (g.kind ?? "vehicle") === kind);
  const add = () => {
    const stem = kind === "vehicle" ? "K" : "F";
    let n = 1;
    while (all.some((g) => g.id === `${stem}${n}`)) n += 1;
    const id = `${stem}${n}`;
    dispatch({
      do: "site",
      change: (site) => ({
        ...site,
        signal_group: [...(site.signal_group ?? []), kind === "vehicle" ? { id } : { id, kind }],
      }),
    });
    onChange(id);
  };
  return (
    <div className={styles.row}>
      <div className={styles.grow}>
        <Select
          label={t(`calibrate.inspect.group_${kind}`)}
          value={value ?? NONE}
          choices={[
            { id: NONE, label: t("calibrate.inspect.no_group") },
            ...groups.map((g) => ({ id: g.id, label: g.id })),
          ]}
          onChange={(id) => onChange(id === NONE ? null : id)}
        />
      </div>
      <Button size="small" onPress={add}>
        <Icon name="plus" />
        {t("calibrate.inspect.new_group")}
      </Button>
    </div>
  );
}

function Classes({
  legend,
  note,
  chosen,
  onChange,
}: {
  legend: string;
  note?: string;
  chosen: readonly ClassName[];
  onChange: (classes: ClassName[]) => void;
}) {
  const t = useTexts();
  return (
    <fieldset className={styles.set}>
      <legend>{legend}</legend>
      <div className={styles.ticks}>
        {CLASS_NAMES.map((name) => (
          <Checkbox
            key={name}
            isSelected={chosen.includes(name)}
            onChange={(on) =>
              onChange(CLASS_NAMES.filter((one) => (one === name ? on : chosen.includes(one))))
            }
          >
            {t(`words.class.${name}`)}
          </Checkbox>
        ))}
      </div>
      {note ? <p className={styles.hint}>{note}</p> : null}
    </fieldset>
  );
}

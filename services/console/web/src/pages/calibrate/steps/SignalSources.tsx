import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { FileTrigger } from "react-aria-components";
import { useFormat, useTexts } from "@/texts";
import { Button, ErrorNote, Icon, NumberField, Panel } from "@/ui";
import { uploadLog } from "../api";
import shared from "../calibrate.module.css";
import { useEditing } from "../editing";
import { renameGroup } from "../model/edit";
import { free, isId } from "../model/ids";
import type { SignalGroup } from "../model/site";
import styles from "./SignalSources.module.css";

/** Signal groups, and what tells their states. */
export function SignalSources() {
  const t = useTexts();
  const { draft, dispatch, goTo } = useEditing();
  const groups = draft.site.signal_group ?? [];
  const signals = draft.site.signals ?? {};
  const lamps = (draft.site.camera ?? []).flatMap((camera) => camera.lamp ?? []);
  const add = (kind: "vehicle" | "pedestrian") =>
    dispatch({
      do: "site",
      change: (site) => {
        const taken = new Set((site.signal_group ?? []).map((g) => g.id));
        const id = free(kind === "vehicle" ? "K" : "F", taken, true);
        const made: SignalGroup = kind === "vehicle" ? { id } : { id, kind };
        return { ...site, signal_group: [...(site.signal_group ?? []), made] };
      },
    });
  return (
    <Panel title={t("calibrate.signals.title")}>
      <div className={shared.stack} id="signals">
        <p className={shared.hint}>{t("calibrate.signals.what")}</p>
        {groups.length ? (
          <ul className={styles.groups}>
            {groups.map((group, index) => (
              <GroupRow
                // biome-ignore lint/suspicious/noArrayIndexKey: the id is what is being typed.
                key={index}
                group={group}
                told={
                  signals.log
                    ? t("calibrate.signals.by_log")
                    : lamps.some((lamp) => lamp.group === group.id)
                      ? t("calibrate.signals.by_lamp")
                      : t("calibrate.signals.by_bus")
                }
              />
            ))}
          </ul>
        ) : null}
        <div className={shared.row}>
          <Button size="small" onPress={() => add("vehicle")}>
            <Icon name="plus" />
            {t("calibrate.signals.add_vehicle")}
          </Button>
          <Button size="small" onPress={() => add("pedestrian")}>
            <Icon name="plus" />
            {t("calibrate.signals.add_pedestrian")}
          </Button>
          {groups.length ? (
            <Button size="small" kind="quiet" onPress={() => goTo("draw")}>
              {t("calibrate.signals.draw_lamps")}
            </Button>
          ) : null}
        </div>
        <SignalLogField />
        {signals.log && lamps.length ? (
          <NumberField
            label={t("calibrate.signals.tolerance")}
            description={t("calibrate.signals.tolerance_note")}
            unit={t("calibrate.unit.s")}
            minValue={0}
            value={signals.tolerance_s ?? 0.5}
            onChange={(tolerance_s) => {
              if (!Number.isFinite(tolerance_s)) return;
              dispatch({
                do: "site",
                mark: "signals-tolerance",
                change: (site) => ({ ...site, signals: { ...site.signals, tolerance_s } }),
              });
            }}
          />
        ) : null}
      </div>
    </Panel>
  );
}

/** The log of the controller: brought from here, or named where it lies beside the site file already. */
function SignalLogField() {
  const t = useTexts();
  const format = useFormat();
  const { draft, dispatch } = useEditing();
  const log = draft.site.signals?.log ?? null;
  const bring = useMutation({
    mutationFn: (file: File) => uploadLog(draft.site.site.id, file),
    onSuccess: (brought) =>
      dispatch({
        do: "site",
        change: (site) => {
          const known = site.signal_group ?? [];
          const fresh = brought.groups.filter((id) => !known.some((group) => group.id === id));
          return {
            ...site,
            signals: { ...site.signals, log: brought.log },
            signal_group: [...known, ...fresh.map((id): SignalGroup => ({ id }))],
          };
        },
      }),
  });
  return (
    <div className={shared.stack}>
      {bring.error ? <ErrorNote error={bring.error} /> : null}
      <div className={shared.row}>
        <FileTrigger
          acceptedFileTypes={[".csv", ".jsonl", "text/csv"]}
          onSelect={(files) => {
            const file = files?.[0];
            if (file) bring.mutate(file);
          }}
        >
          <Button isDisabled={bring.isPending}>
            <Icon name="upload" />
            {t(log ? "calibrate.signals.other_log" : "calibrate.signals.bring_log")}
          </Button>
        </FileTrigger>
        {log ? (
          <Button
            kind="quiet"
            onPress={() =>
              dispatch({
                do: "site",
                change: (site) => ({ ...site, signals: { ...site.signals, log: null } }),
              })
            }
          >
            {t("calibrate.signals.no_log")}
          </Button>
        ) : null}
      </div>
      {bring.data && bring.data.log === log ? (
        <p role="status">
          {t("calibrate.signals.brought", {
            records: bring.data.records,
            groups: bring.data.groups.length,
            span: format.span(bring.data.until_s * 1000),
          })}
        </p>
      ) : null}
      {log ? <p className={shared.note}>{t("calibrate.signals.log_is", { log })}</p> : null}
      <p className={shared.hint}>{t("calibrate.signals.log_note")}</p>
    </div>
  );
}

function GroupRow({ group, told }: { group: SignalGroup; told: string }) {
  const t = useTexts();
  const { draft, dispatch } = useEditing();
  const [typed, setTyped] = useState<string | null>(null);
  const id = typed ?? group.id;
  const others = (draft.site.signal_group ?? []).filter((g) => g !== group).map((g) => g.id);
  const settle = () => {
    if (typed !== null && isId(typed) && !others.includes(typed)) {
      dispatch({ do: "site", change: (site) => renameGroup(site, group.id, typed) });
    }
    setTyped(null);
  };
  return (
    <li>
      <input
        className={shared.metres}
        aria-label={t("calibrate.signals.id_of", { id: group.id })}
        aria-invalid={!isId(id) || others.includes(id)}
        value={id}
        onChange={(event) => setTyped(event.target.value.replace(/\s/g, "_"))}
        onBlur={settle}
        onKeyDown={(event) => {
          if (event.key === "Enter") settle();
        }}
      />
      <Button
        size="small"
        kind="quiet"
        aria-label={t("calibrate.signals.kind_of", {
          id: group.id,
          kind: t(`calibrate.signals.${group.kind ?? "vehicle"}`),
        })}
        onPress={() =>
          dispatch({
            do: "site",
            change: (site) => ({
              ...site,
              signal_group: (site.signal_group ?? []).map((one) =>
                one.id === group.id
                  ? one.kind === "pedestrian"
                    ? { id: one.id }
                    : { ...one, kind: "pedestrian" as const }
                  : one,
              ),
            }),
          })
        }
      >
        {t(`calibrate.signals.${group.kind ?? "vehicle"}`)}
      </Button>
      <span className={shared.note}>{told}</span>
      <Button
        size="small"
        kind="quiet"
        aria-label={t("calibrate.signals.remove", { id: group.id })}
        onPress={() =>
          dispatch({ do: "site", change: (site) => renameGroup(site, group.id, null) })
        }
      >
        <Icon name="trash" size="1rem" />
      </Button>
    </li>
  );
}

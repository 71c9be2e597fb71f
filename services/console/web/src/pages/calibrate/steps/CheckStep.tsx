/** Step 4: what the check says, what would change, a try on what was seen lately, and saving. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Problem } from "@/api/problem";
import { useTexts } from "@/texts";
import {
  Badge,
  Button,
  ButtonLink,
  Dialog,
  EmptyState,
  ErrorNote,
  Icon,
  Panel,
  Skeleton,
} from "@/ui";
import { compose, createSite, fetchSiteText, saveSite } from "../api";
import shared from "../calibrate.module.css";
import { useEditing } from "../editing";
import { toSiteJson } from "../model/compose";
import { todo } from "../model/todo";
import styles from "./CheckStep.module.css";
import { DiffView } from "./DiffView";
import { FindingList } from "./FindingList";
import { TryRules } from "./TryRules";

export function CheckStep({ onClose }: { onClose: () => void }) {
  const t = useTexts();
  const client = useQueryClient();
  const { draft, origin, solution, setOrigin, markSaved, goTo } = useEditing();
  const [conflict, setConflict] = useState(false);
  const [saved, setSaved] = useState(false);
  const json = toSiteJson(draft);
  const live = (draft.site.camera ?? []).some((camera) => camera.rtsp);
  const notes = todo(json, solution.sound);
  const composed = useQuery({
    queryKey: ["compose", JSON.stringify(json), origin.sha256],
    queryFn: ({ signal }) => compose(json, origin.toml, signal),
    placeholderData: (before) => before,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
  const toml = composed.data?.toml ?? null;
  const changed = toml !== null && toml !== origin.toml;
  const save = useMutation({
    mutationFn: async () => {
      if (toml === null) throw new Error("nothing to save");
      return origin.site && origin.sha256
        ? saveSite(origin.site, toml, origin.sha256)
        : createSite(toml);
    },
    onSuccess: (answer) => {
      if (!answer.ok) return;
      setOrigin({
        site: answer.site ?? origin.site ?? draft.site.site.id,
        sha256: answer.sha256 ?? null,
        toml,
      });
      setSaved(true);
      markSaved();
      void client.invalidateQueries({ queryKey: ["engineer-sites"] });
    },
    onError: (error) => {
      if (error instanceof Problem && error.status === 409) setConflict(true);
    },
  });
  const rebase = useMutation({
    mutationFn: () => fetchSiteText(origin.site ?? draft.site.site.id),
    onSuccess: (now) => {
      setOrigin({ site: draft.site.site.id, sha256: now.sha256, toml: now.toml });
      setConflict(false);
      save.reset();
    },
  });
  const download = () => {
    if (toml === null) return;
    const url = URL.createObjectURL(new Blob([toml], { type: "application/toml" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = `${draft.site.site.id}.toml`;
    link.click();
    URL.revokeObjectURL(url);
  };

  const errors = save.data && !save.data.ok ? save.data.errors : (composed.data?.errors ?? []);
  const good = composed.data?.ok === true && errors.length === 0;
  return (
    <div className={styles.check}>
      <div className={shared.stack}>
        <Panel
          title={t("calibrate.check.title")}
          actions={
            composed.isFetching ? undefined : good ? (
              <Badge tone="good">{t("calibrate.check.sound")}</Badge>
            ) : composed.data ? (
              <Badge tone="bad">{t("calibrate.check.unsound", { count: errors.length })}</Badge>
            ) : undefined
          }
        >
          {composed.isPending ? (
            <Skeleton lines={4} />
          ) : composed.isError ? (
            <ErrorNote error={composed.error} retry={() => void composed.refetch()} />
          ) : (
            <FindingList
              errors={errors}
              warnings={composed.data.warnings}
              // What is serious keeps the file from being written; the rest keeps it from being of use.
              notes={notes.filter((note) => note.serious === (toml === null))}
            />
          )}
        </Panel>
        <Panel title={t("calibrate.save.title")}>
          <div className={shared.stack}>
            {save.error && !conflict ? <ErrorNote error={save.error} /> : null}
            {saved && !changed ? (
              <div className={styles.saved} role="status">
                <p>
                  <Icon name="check" /> {t("calibrate.save.done")}
                </p>
                <p>{t(live ? "calibrate.save.next_live" : "calibrate.save.next")}</p>
                <div className={shared.row}>
                  {live ? null : (
                    <Button onPress={() => goTo("rules")}>{t("calibrate.save.address")}</Button>
                  )}
                  <ButtonLink
                    kind={live ? "plain" : "primary"}
                    href={`#/replay?site=${encodeURIComponent(draft.site.site.id)}`}
                  >
                    {t("calibrate.save.replay")}
                  </ButtonLink>
                  <ButtonLink
                    kind={live ? "primary" : "plain"}
                    href={`#/junction/${encodeURIComponent(draft.site.site.id)}`}
                  >
                    {t("calibrate.save.junction")}
                  </ButtonLink>
                  <Button onPress={onClose}>{t("calibrate.save.another")}</Button>
                </div>
              </div>
            ) : (
              <p className={shared.hint}>
                {t(origin.site ? "calibrate.save.what" : "calibrate.save.what_new", {
                  site: draft.site.site.id,
                })}
              </p>
            )}
            <div className={shared.row}>
              <Button
                kind="primary"
                size="large"
                isDisabled={!good || !changed || save.isPending || composed.isFetching}
                onPress={() => save.mutate()}
              >
                {t(save.isPending ? "calibrate.save.saving" : "calibrate.save.save")}
              </Button>
              <Button isDisabled={toml === null} onPress={download}>
                {t("calibrate.save.download")}
              </Button>
              {origin.toml !== null && !changed && !saved ? (
                <span className={shared.note}>{t("calibrate.save.unchanged")}</span>
              ) : null}
            </div>
          </div>
        </Panel>
        <TryRules toml={good ? toml : null} />
      </div>
      <Panel
        title={t(
          origin.toml === null
            ? "calibrate.diff.new"
            : changed
              ? "calibrate.diff.title"
              : "calibrate.diff.present",
        )}
        flush
      >
        {toml === null ? (
          <EmptyState title={t("calibrate.diff.none")}>{t("calibrate.diff.none_text")}</EmptyState>
        ) : (
          <DiffView
            before={origin.toml}
            after={toml}
            marks={new Set(errors.flatMap((e) => (e.line ? [e.line] : [])))}
          />
        )}
      </Panel>
      <Dialog
        title={t("calibrate.conflict.title")}
        isOpen={conflict}
        onClose={() => setConflict(false)}
        actions={
          <>
            <Button onPress={download}>{t("calibrate.save.download")}</Button>
            <Button kind="primary" isDisabled={rebase.isPending} onPress={() => rebase.mutate()}>
              {t("calibrate.conflict.compare")}
            </Button>
          </>
        }
      >
        {rebase.error ? <ErrorNote error={rebase.error} /> : null}
        <p>{t(origin.site ? "calibrate.conflict.changed" : "calibrate.conflict.exists")}</p>
        <p>{t("calibrate.conflict.what")}</p>
      </Dialog>
    </div>
  );
}

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useSearchParams } from "wouter";
import { useSession } from "@/api/session";
import { useTexts } from "@/texts";
import { Button, ErrorNote, Panel, Select, TextField } from "@/ui";
import { compose, fetchSites, startJob } from "../calibrate/api";
import { toSiteJson } from "../calibrate/model/compose";
import { kept } from "../calibrate/model/store";
import styles from "./replay.module.css";
import { useRecordings } from "./useRecordingName";

const DRAFT = "·draft";

/** A recording through the rules of a site file, or of the draft in Calibrate. */
export function NewRun({ onStarted }: { onStarted: (job: string) => void }) {
  const t = useTexts();
  const client = useQueryClient();
  const { data: session } = useSession();
  const recordings = useRecordings();
  const sites = useQuery({ queryKey: ["engineer-sites"], queryFn: fetchSites });
  const [stored] = useState(() => kept(localStorage, session?.account ?? ""));
  const [recording, setRecording] = useState<string | null>(null);
  const [search] = useSearchParams();
  const [picked, setPicked] = useState<string | null>(search.get("site"));
  const [camera, setCamera] = useState<string | null>(null);
  const [start, setStart] = useState("");
  const first = recordings.data?.recordings[0]?.id ?? null;
  const chosen = recording ?? first;
  // Where there is one site there is nothing to choose.
  const only = sites.data?.sites.length === 1 && !stored ? sites.data.sites[0]?.id : null;
  const site = picked ?? only ?? null;
  const entry = sites.data?.sites.find((one) => one.id === site);
  const cameras =
    site === DRAFT
      ? (stored?.draft.site.camera ?? []).map((c) => c.id)
      : (entry?.cameras ?? []).map((c) => c.id);
  const own = camera && cameras.includes(camera) ? camera : (cameras[0] ?? null);
  const begins = start.trim();
  const wrongStart = begins !== "" && Number.isNaN(Date.parse(begins));

  const run = useMutation({
    mutationFn: async () => {
      const common = {
        kind: "replay" as const,
        recording: chosen ?? "",
        ...(own ? { camera: own } : {}),
        ...(begins ? { start: new Date(begins).toISOString() } : {}),
      };
      if (site !== DRAFT || !stored) return startJob({ ...common, site: site ?? "" });
      const composed = await compose(toSiteJson(stored.draft), stored.origin.toml);
      return startJob({ ...common, toml: composed.toml ?? "" });
    },
    onSuccess: (job) => {
      void client.invalidateQueries({ queryKey: ["jobs"] });
      onStarted(job.id);
    },
  });
  return (
    <Panel title={t("replay.new.title")}>
      <div className={styles.form}>
        {sites.error ? <ErrorNote error={sites.error} retry={() => void sites.refetch()} /> : null}
        {run.error ? <ErrorNote error={run.error} /> : null}
        <Select
          label={t("replay.new.recording")}
          value={chosen}
          choices={(recordings.data?.recordings ?? []).map((one) => ({
            id: one.id,
            label: one.name,
          }))}
          onChange={setRecording}
        />
        <Select
          label={t("replay.new.site")}
          value={site}
          choices={[
            ...(sites.data?.sites ?? []).map((one) => ({ id: one.id, label: one.name || one.id })),
            ...(stored
              ? [{ id: DRAFT, label: t("replay.new.draft", { site: stored.draft.site.site.id }) }]
              : []),
          ]}
          onChange={setPicked}
        />
        {cameras.length > 1 ? (
          <Select
            label={t("replay.new.camera")}
            value={own}
            choices={cameras.map((id) => ({ id, label: id }))}
            onChange={setCamera}
          />
        ) : null}
        <TextField
          label={t("replay.new.start")}
          description={t("replay.new.start_note")}
          placeholder="2026-06-01T07:00:00Z"
          value={start}
          onChange={setStart}
          error={wrongStart ? t("replay.new.start_fault") : undefined}
        />
        <div>
          <Button
            kind="primary"
            isDisabled={!chosen || !site || wrongStart || run.isPending}
            onPress={() => run.mutate()}
          >
            {t("replay.new.run")}
          </Button>
        </div>
      </div>
    </Panel>
  );
}

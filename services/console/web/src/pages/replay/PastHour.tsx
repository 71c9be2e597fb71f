import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { FileTrigger } from "react-aria-components";
import { useSession } from "@/api/session";
import { useTexts } from "@/texts";
import { Button, ErrorNote, Panel, Select } from "@/ui";
import { compose, fetchSites, fetchSiteText, startJob } from "../calibrate/api";
import { toSiteJson } from "../calibrate/model/compose";
import { kept } from "../calibrate/model/store";
import styles from "./replay.module.css";
import { localInput, spanOf } from "./span";

/** A draft against what the cameras of a site saw in a past span. */
export function PastHour({ onStarted }: { onStarted: (job: string) => void }) {
  const t = useTexts();
  const client = useQueryClient();
  const { data: session } = useSession();
  const sites = useQuery({ queryKey: ["engineer-sites"], queryFn: fetchSites });
  const [stored] = useState(() => kept(localStorage, session?.account ?? ""));
  const draftOf = stored?.origin.site ?? null;
  const [site, setSite] = useState<string | null>(null);
  const [from, setFrom] = useState(() => localInput(new Date(Date.now() - 3_600_000)));
  const [minutes, setMinutes] = useState("60");
  const [file, setFile] = useState<{ name: string; toml: string }>();
  const chosen = site ?? draftOf;
  const usesDraft = !file && chosen !== null && chosen === draftOf;
  const span = spanOf(from, Number(minutes));
  const run = useMutation({
    mutationFn: async () => {
      const place = chosen ?? "";
      let toml = file?.toml;
      if (!toml && usesDraft && stored) {
        toml = (await compose(toSiteJson(stored.draft), stored.origin.toml)).toml ?? undefined;
      }
      toml ??= (await fetchSiteText(place)).toml;
      return startJob({
        kind: "whatif",
        site: place,
        toml,
        from: span?.from ?? "",
        to: span?.to ?? "",
      });
    },
    onSuccess: (job) => {
      void client.invalidateQueries({ queryKey: ["jobs"] });
      onStarted(job.id);
    },
  });
  return (
    <Panel title={t("replay.past.title")}>
      <div className={styles.form}>
        <p className={styles.hint}>{t("replay.past.what")}</p>
        {run.error ? <ErrorNote error={run.error} /> : null}
        <Select
          label={t("replay.new.site")}
          value={chosen}
          choices={(sites.data?.sites ?? []).map((one) => ({
            id: one.id,
            label: one.name || one.id,
          }))}
          onChange={setSite}
        />
        <label className={styles.field}>
          <span>{t("replay.past.from")}</span>
          <input
            type="datetime-local"
            step={60}
            value={from}
            onChange={(event) => setFrom(event.target.value)}
          />
        </label>
        <Select
          label={t("replay.past.length")}
          value={minutes}
          choices={["15", "60", "240", "1440"].map((id) => ({
            id,
            label: t("replay.past.minutes", { minutes: Number(id) }),
          }))}
          onChange={setMinutes}
        />
        <div className={styles.field}>
          <span>{t("replay.past.file")}</span>
          <FileTrigger
            acceptedFileTypes={[".toml"]}
            onSelect={(files) => {
              const picked = files?.[0];
              if (!picked) setFile(undefined);
              else void picked.text().then((toml) => setFile({ name: picked.name, toml }));
            }}
          >
            <Button>{file?.name ?? t("replay.upload.choose")}</Button>
          </FileTrigger>
        </div>
        <p className={styles.hint}>
          {file
            ? t("replay.past.against_file", { name: file.name })
            : usesDraft
              ? t("replay.past.against_draft")
              : t("replay.past.against_itself")}
        </p>
        <div>
          <Button
            isDisabled={!chosen || !span || (!file && !usesDraft) || run.isPending}
            onPress={() => run.mutate()}
          >
            {t("replay.past.run")}
          </Button>
        </div>
      </div>
    </Panel>
  );
}

/** The draft against what the cameras saw lately: what would be judged differently. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Differences } from "@/pages/replay/Differences";
import { JobProgress } from "@/pages/replay/JobProgress";
import { useTexts } from "@/texts";
import { Button, ErrorNote, Panel, Select } from "@/ui";
import { fetchJob, fetchJobs, isOver, type NewJob, removeJob, startJob } from "../api";
import shared from "../calibrate.module.css";
import { useEditing } from "../editing";

const MINUTES = ["5", "15", "60", "360"] as const;

export function TryRules({ toml }: { toml: string | null }) {
  const t = useTexts();
  const { draft, origin } = useEditing();
  const [wanted, setWanted] = useState<string>();
  const [id, setId] = useState<string>();
  const jobs = useQuery({ queryKey: ["jobs"], queryFn: fetchJobs, enabled: origin.site !== null });
  const replays = (jobs.data ?? []).filter(
    (job) => job.kind === "replay" && job.state === "done" && job.site === origin.site,
  );
  // Where nothing is live, what was replayed last is what there is.
  const live = (draft.site.camera ?? []).some((camera) => camera.rtsp);
  const over = wanted ?? (!live && replays[0] ? `job:${replays[0].id}` : "15");
  const start = useMutation({
    mutationFn: () => {
      const site = origin.site ?? "";
      const to = new Date();
      const job: NewJob = over.startsWith("job:")
        ? { kind: "whatif", site, toml: toml ?? "", observations: over.slice(4) }
        : {
            kind: "whatif",
            site,
            toml: toml ?? "",
            from: new Date(to.getTime() - Number(over) * 60_000).toISOString(),
            to: to.toISOString(),
          };
      return startJob(job);
    },
    onSuccess: (job) => setId(job.id),
  });
  const job = useQuery({
    queryKey: ["job", id],
    queryFn: () => fetchJob(id ?? ""),
    enabled: id !== undefined,
    refetchInterval: (query) => (query.state.data && isOver(query.state.data) ? false : 1000),
  });
  const cancel = useMutation({ mutationFn: (job: string) => removeJob(job) });
  return (
    <Panel title={t("calibrate.try.title")}>
      <div className={shared.stack}>
        <p className={shared.hint}>
          {t(origin.site ? "calibrate.try.what" : "calibrate.try.not_yet")}
        </p>
        {origin.site ? (
          <div className={shared.row}>
            <div className={shared.grow}>
              <Select
                label={t("calibrate.try.over")}
                value={over}
                choices={[
                  ...MINUTES.map((m) => ({
                    id: m as string,
                    label: t("calibrate.try.minutes", { minutes: Number(m) }),
                  })),
                  ...replays.map((one) => ({
                    id: `job:${one.id}`,
                    label: t("calibrate.try.replay", { name: one.recording_name ?? one.id }),
                  })),
                ]}
                onChange={setWanted}
              />
            </div>
            <Button isDisabled={toml === null || start.isPending} onPress={() => start.mutate()}>
              {t("calibrate.try.start")}
            </Button>
          </div>
        ) : null}
        {start.error ? <ErrorNote error={start.error} /> : null}
        {job.error ? <ErrorNote error={job.error} /> : null}
        {job.data ? (
          <JobProgress job={job.data} onCancel={() => cancel.mutate(job.data.id)} />
        ) : null}
        {job.data?.kind === "whatif" && job.data.result ? (
          <Differences
            result={job.data.result}
            job={job.data.observations ? job.data.id : undefined}
          />
        ) : null}
      </div>
    </Panel>
  );
}

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { withRole } from "@/api/credentials";
import { useFormat, useTexts } from "@/texts";
import {
  Button,
  ErrorNote,
  Icon,
  KeyFigure,
  KeyFigures,
  Panel,
  Select,
  Skeleton,
  Tabs,
} from "@/ui";
import {
  compareJobs,
  fetchJob,
  isOver,
  type Job,
  type ReplayResult,
  removeJob,
} from "../calibrate/api";
import { Differences, Warnings } from "./Differences";
import { Events } from "./Events";
import { JobProgress } from "./JobProgress";
import styles from "./replay.module.css";
import { bytesText } from "./upload";
import { useRecordingName } from "./useRecordingName";

export function JobDetail({ id, jobs }: { id: string; jobs: readonly Job[] }) {
  const t = useTexts();
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const nameOf = useRecordingName();
  const job = useQuery({
    queryKey: ["job", id],
    queryFn: () => fetchJob(id),
    refetchInterval: (query) => (query.state.data && isOver(query.state.data) ? false : 1000),
  });
  const remove = useMutation({
    mutationFn: removeJob,
    onSuccess: () => {
      const ended = job.data && isOver(job.data);
      void client.invalidateQueries({ queryKey: ["jobs"] });
      if (ended) navigate("/replay");
      else void job.refetch();
    },
  });
  if (job.isPending) {
    return (
      <Panel>
        <Skeleton lines={4} />
      </Panel>
    );
  }
  if (job.isError) return <ErrorNote error={job.error} retry={() => void job.refetch()} />;
  const data = job.data;
  const title =
    data.kind === "replay"
      ? t("replay.job_replay", {
          recording: data.recording_name ?? nameOf(data.recording),
          site: data.site ?? "",
        })
      : t("replay.job_whatif", { site: data.site ?? "" });
  return (
    <Panel
      title={title}
      actions={
        isOver(data) ? (
          <Button
            size="small"
            kind="quiet"
            isDisabled={remove.isPending}
            onPress={() => remove.mutate(id)}
          >
            <Icon name="trash" />
            {t("replay.forget")}
          </Button>
        ) : undefined
      }
    >
      <div className={styles.form}>
        {remove.error ? <ErrorNote error={remove.error} /> : null}
        {data.state === "done" ? null : (
          <JobProgress job={data} onCancel={() => remove.mutate(id)} />
        )}
        {data.kind === "whatif" && data.result ? (
          <Differences result={data.result} job={data.observations ? id : undefined} />
        ) : null}
        {data.kind === "replay" && data.result ? (
          <Result job={data} result={data.result} jobs={jobs} />
        ) : null}
      </div>
    </Panel>
  );
}

function Result({ job, result, jobs }: { job: Job; result: ReplayResult; jobs: readonly Job[] }) {
  const t = useTexts();
  const format = useFormat();
  return (
    <>
      <KeyFigures>
        <KeyFigure label={t("replay.result.violations")} value={result.violations.length} />
        <KeyFigure label={t("replay.result.voids")} value={result.voids.length} />
        {result.frames == null ? null : (
          <KeyFigure label={t("replay.result.frames")} value={format.number(result.frames)} />
        )}
      </KeyFigures>
      <Warnings warnings={result.warnings} />
      {result.files.length ? (
        <ul className={styles.files}>
          {result.files.map((file) => (
            <li key={file.name}>
              <a
                href={withRole(
                  `/api/v1/jobs/${encodeURIComponent(job.id)}/files/${encodeURIComponent(file.name)}`,
                  "engineer",
                )}
                download={file.name}
              >
                {t.maybe(`replay.file.${file.name.split(".")[0]}`) ?? t(`replay.file.${file.kind}`)}
              </a>
              <span className={styles.note}>
                {file.name}, {bytesText(file.bytes, format.number)}
              </span>
            </li>
          ))}
        </ul>
      ) : null}
      <Tabs
        label={t("replay.result.label")}
        tabs={[
          {
            id: "violations",
            title: t("replay.result.tab_violations", { count: result.violations.length }),
            content: (
              <Events
                events={result.violations}
                job={job.id}
                label={t("replay.result.violations")}
              />
            ),
          },
          {
            id: "voids",
            title: t("replay.result.tab_voids", { count: result.voids.length }),
            content: <Events events={result.voids} job={job.id} label={t("replay.result.voids")} />,
          },
          {
            id: "compare",
            title: t("replay.result.tab_compare"),
            content: <Compare job={job} jobs={jobs} />,
          },
        ]}
      />
    </>
  );
}

/** This run against another one. */
function Compare({ job, jobs }: { job: Job; jobs: readonly Job[] }) {
  const t = useTexts();
  const format = useFormat();
  const nameOf = useRecordingName();
  const [other, setOther] = useState<string | null>(null);
  const others = jobs.filter(
    (one) => one.kind === "replay" && one.state === "done" && one.id !== job.id,
  );
  const comparison = useQuery({
    queryKey: ["compare", other, job.id],
    queryFn: () => compareJobs(other ?? "", job.id),
    enabled: other !== null,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (others.length === 0) return <p className={styles.hint}>{t("replay.compare.none")}</p>;
  return (
    <div className={styles.form}>
      <Select
        label={t("replay.compare.with")}
        value={other}
        choices={others.map((one) => ({
          id: one.id,
          label: `${one.recording_name ?? nameOf(one.recording)}, ${format.dateTime(one.created)}`,
        }))}
        onChange={setOther}
      />
      {comparison.isError ? <ErrorNote error={comparison.error} /> : null}
      {comparison.data ? <Differences result={comparison.data} job={job.id} /> : null}
    </div>
  );
}

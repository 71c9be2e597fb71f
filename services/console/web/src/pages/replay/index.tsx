/**
 * Recordings played through the rules, and drafts held against what was seen. Left: what to run. Right: the
 * runs and what they found.
 */
import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "wouter";
import { useTexts } from "@/texts";
import { EmptyState, ErrorNote, PageHead, Panel, Skeleton } from "@/ui";
import { fetchJobs, isOver } from "../calibrate/api";
import { JobDetail } from "./JobDetail";
import { JobList } from "./JobList";
import { NewRun } from "./NewRun";
import { PastHour } from "./PastHour";
import { RecordingList } from "./RecordingList";
import styles from "./replay.module.css";

export default function ReplayPage() {
  const t = useTexts();
  // In the query, not in the path: another path is another page, and would break off an upload.
  const [search, setSearch] = useSearchParams();
  const chosen = search.get("job") ?? undefined;
  const jobs = useQuery({
    queryKey: ["jobs"],
    queryFn: fetchJobs,
    refetchInterval: (query) => (query.state.data?.some((job) => !isOver(job)) ? 1000 : 15_000),
  });
  const open = (id: string) => setSearch({ job: id });
  return (
    <>
      <PageHead title={t("replay.title")} note={t("replay.lead")} />
      <div className={styles.page}>
        <div className={styles.stack}>
          <RecordingList />
          <NewRun onStarted={open} />
          <PastHour onStarted={open} />
        </div>
        <div className={styles.stack}>
          <Panel title={t("replay.runs")}>
            {jobs.isPending ? (
              <Skeleton lines={3} />
            ) : jobs.isError ? (
              <ErrorNote error={jobs.error} retry={() => void jobs.refetch()} />
            ) : jobs.data.length === 0 ? (
              <EmptyState icon="replay" title={t("replay.no_runs")}>
                {t("replay.no_runs_text")}
              </EmptyState>
            ) : (
              <JobList jobs={jobs.data} chosen={chosen} />
            )}
          </Panel>
          {chosen ? <JobDetail key={chosen} id={chosen} jobs={jobs.data ?? []} /> : null}
        </div>
      </div>
    </>
  );
}

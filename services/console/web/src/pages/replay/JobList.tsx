import { useTexts } from "@/texts";
import { Badge, Time } from "@/ui";
import type { Job } from "../calibrate/api";
import { STATE_TONE } from "./JobProgress";
import styles from "./replay.module.css";
import { useRecordingName } from "./useRecordingName";

export function JobList({ jobs, chosen }: { jobs: readonly Job[]; chosen: string | undefined }) {
  const t = useTexts();
  const nameOf = useRecordingName();
  return (
    <ul>
      {jobs.map((job) => (
        <li key={job.id}>
          <a
            href={`#/replay?job=${encodeURIComponent(job.id)}`}
            className={styles.job}
            aria-current={job.id === chosen ? "true" : undefined}
          >
            <span>
              <span className={styles.title}>
                {job.kind === "replay"
                  ? t("replay.job_replay", {
                      recording: job.recording_name ?? nameOf(job.recording),
                      site: job.site ?? "",
                    })
                  : t("replay.job_whatif", { site: job.site ?? "" })}
              </span>
              <span className={styles.note}>
                <Time at={job.created} show="dateTime" /> {t("replay.utc")}
                {job.kind === "replay" && job.result
                  ? ` · ${t("replay.found", {
                      violations: job.result.violations.length,
                      voids: job.result.voids.length,
                    })}`
                  : null}
                {job.kind === "whatif" && job.result
                  ? ` · ${t("replay.changed", {
                      appear: job.result.appear.length,
                      disappear: job.result.disappear.length,
                    })}`
                  : null}
              </span>
            </span>
            <Badge tone={STATE_TONE[job.state]}>
              {job.state === "running"
                ? t("replay.running", { percent: Math.floor(job.progress * 100) })
                : t(`replay.state.${job.state}`)}
            </Badge>
          </a>
        </li>
      ))}
    </ul>
  );
}

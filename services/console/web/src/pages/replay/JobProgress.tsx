import { useTexts } from "@/texts";
import { Badge, Button, Icon, Progress, type Tone } from "@/ui";
import { isOver, type Job } from "../calibrate/api";
import styles from "./replay.module.css";

export const STATE_TONE: Readonly<Record<Job["state"], Tone>> = {
  queued: "neutral",
  running: "info",
  done: "good",
  failed: "bad",
  cancelled: "neutral",
};

/** Where a run stands: progress while it lasts, or what went wrong. */
export function JobProgress({ job, onCancel }: { job: Job; onCancel: () => void }) {
  const t = useTexts();
  if (!isOver(job)) {
    return (
      <div className={styles.progress} aria-live="polite">
        <Progress
          label={job.message || t(`replay.state.${job.state}`)}
          value={job.state === "queued" ? 0 : job.progress}
        />
        <Button size="small" onPress={onCancel}>
          {t("replay.cancel")}
        </Button>
      </div>
    );
  }
  if (job.state === "failed") {
    return (
      <div className={styles.failed} role="alert">
        <Icon name="warning" />
        <div>
          <strong>{job.problem?.title ?? job.message ?? t("replay.failed")}</strong>
          {job.problem?.detail ? <p>{job.problem.detail}</p> : null}
          {job.problem?.hint ? <p className={styles.hint}>{job.problem.hint}</p> : null}
        </div>
      </div>
    );
  }
  return <Badge tone={STATE_TONE[job.state]}>{t(`replay.state.${job.state}`)}</Badge>;
}

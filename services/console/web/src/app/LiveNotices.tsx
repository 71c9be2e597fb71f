import { live, useLiveState } from "@/api/hooks";
import { useZone } from "@/api/zone";
import { useFormat, useTexts } from "@/texts";
import { Button, Icon } from "@/ui";
import styles from "./LiveNotices.module.css";

/** Above the page: that what is seen is old, or that something was missed. */
export function LiveNotices() {
  const t = useTexts();
  const format = useFormat();
  const zone = useZone();
  const { phase, since, missed } = useLiveState();
  return (
    <>
      {phase === "reconnecting" ? (
        <p className={`${styles.notice} ${styles.bad}`} role="alert">
          <Icon name="warning" />
          {t("app.live.frozen", { time: format.time(new Date(since).toISOString(), zone) })}
        </p>
      ) : null}
      {missed ? (
        <p className={styles.notice} role="status">
          <Icon name="info" />
          <span>
            {missed.count > 0
              ? t("app.live.missed", { count: missed.count })
              : t("app.live.missed_some")}
          </span>
          <Button size="small" onPress={() => live.forgetMissed()}>
            {t("app.dismiss")}
          </Button>
        </p>
      ) : null}
    </>
  );
}

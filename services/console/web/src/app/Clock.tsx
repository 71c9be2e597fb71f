import { useLiveState } from "@/api/hooks";
import { useZone } from "@/api/zone";
import { useFormat, useTexts } from "@/texts";
import type { Format } from "@/texts/format";
import styles from "./Clock.module.css";

/**
 * The event time that the server told last. It moves only when the server says so: a clock that ran on
 * by itself would look live when nothing is.
 */
export function Clock() {
  const t = useTexts();
  const format = useFormat();
  const { eventTime, lagMs, phase } = useLiveState();
  const zone = useZone();
  if (!eventTime) return <span className="soft">{t("app.clock.none")}</span>;
  // A recording is of another day: then the date is what one has to see.
  const old = lagMs !== undefined && lagMs > 12 * 3_600_000;
  const current = phase === "live" || phase === "behind";
  const time = old ? format.dateTime(eventTime, zone) : format.time(eventTime, zone);
  return (
    <span className={current ? styles.clock : `${styles.clock} ${styles.stopped}`}>
      <time
        dateTime={eventTime}
        title={t("app.clock.label", { utc: format.time(eventTime) })}
        className={styles.time}
      >
        {time} <small>{format.zone(eventTime, zone)}</small>
      </time>
      {current && lagMs !== undefined ? (
        <span className={styles.lag}>{t("app.clock.behind", { span: lag(lagMs, format) })}</span>
      ) : (
        <span className={styles.lag}>{t("app.clock.stopped")}</span>
      )}
    </span>
  );
}

/** Tenths of a second where they matter. */
function lag(ms: number, format: Format): string {
  return ms < 10_000 ? `${format.number(Math.max(0, ms) / 1000, 1)}\u00a0s` : format.span(ms);
}

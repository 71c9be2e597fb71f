import { live, useLiveState } from "@/api/hooks";
import type { Phase } from "@/api/live";
import { useZone } from "@/api/zone";
import { useFormat, useTexts } from "@/texts";
import { Badge, Button, type Tone } from "@/ui";
import styles from "./Connection.module.css";

const TONES: Record<Phase, Tone> = {
  off: "neutral",
  connecting: "info",
  catching_up: "warn",
  live: "good",
  behind: "warn",
  reconnecting: "bad",
  no_session: "bad",
};

/** Live only while the server's clock ticks; a broken line says since when. */
export function Connection() {
  const t = useTexts();
  const format = useFormat();
  const zone = useZone();
  const { phase, since, lagMs } = useLiveState();
  const time = format.time(new Date(since).toISOString(), zone);
  return (
    <div className={styles.connection}>
      <span role="status" aria-label={t("app.live.label")}>
        <Badge tone={TONES[phase]}>
          {t(`app.live.${phase}`, { time, span: format.span(lagMs ?? 0) })}
        </Badge>
      </span>
      {phase === "reconnecting" ? (
        <Button size="small" onPress={() => live.retry()}>
          {t("app.live.retry")}
        </Button>
      ) : null}
    </div>
  );
}

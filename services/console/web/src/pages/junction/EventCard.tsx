import { useChosenRole, useSession } from "@/api/session";
import type { EventDetail, SignalState } from "@/api/shapes";
import { allowed } from "@/app/Guard";
import { SERVICE_LANGUAGE, useTexts } from "@/texts";
import {
  Badge,
  ButtonLink,
  ErrorNote,
  Panel,
  Quantity,
  SignalLamp,
  Skeleton,
  Time,
  type Tone,
} from "@/ui";
import { eventNote, eventTitle } from "@/ui/EventList";
import { useEventDetail } from "./data";
import styles from "./Junction.module.css";

/** What is known of one event: what was measured, the signal, and whether the evidence is sealed. */
export function EventCard({ id, zone }: { id: string; zone: string }) {
  const t = useTexts();
  const { data, isPending, isError, error, refetch } = useEventDetail(id);
  if (isPending) {
    return (
      <Panel title={t("junction.event.title")}>
        <Skeleton lines={5} />
      </Panel>
    );
  }
  if (isError) return <ErrorNote error={error} retry={() => void refetch()} />;
  const { event, quantities, signal } = data;
  return (
    <Panel
      title={eventTitle(t, event)}
      note={<Time at={event.time} zone={zone} show="dateTime" />}
      className={styles.card}
    >
      <p className={styles.card_facts}>
        <Badge
          tone={event.kind === "violation" ? "bad" : event.kind === "void" ? "neutral" : "info"}
        >
          {t(`words.kind.${event.kind}`)}
        </Badge>
        <span>{eventNote(t, event) || event.camera}</span>
      </p>
      {signal ? (
        <p className={styles.card_facts}>
          <SignalLamp state={signalState(signal.state)} label={signal.group} />
          {signal.since ? (
            <span className="soft">
              {t("junction.event.since")} <Time at={signal.since} zone={zone} />
            </span>
          ) : null}
        </p>
      ) : null}
      {quantities.length > 0 ? (
        <div className={styles.quantities}>
          {quantities.map((quantity) => (
            <Quantity key={quantity.name} {...quantity} />
          ))}
        </div>
      ) : null}
      <Evidence detail={data} />
    </Panel>
  );
}

function signalState(state: string): SignalState {
  return state === "red" || state === "yellow" || state === "green" ? state : "unknown";
}

const EVIDENCE: Record<"pending" | "sealed" | "failed", Tone> = {
  pending: "info",
  sealed: "good",
  failed: "bad",
};

function Evidence({ detail }: { detail: EventDetail }) {
  const t = useTexts();
  const { data: session } = useSession();
  const role = useChosenRole();
  const { evidence, failure, event } = detail;
  if (!evidence) return null;
  const mayReview = event.kind === "violation" && allowed(session, role, ["reviewer", "senior"]);
  return (
    <div className={styles.card_facts}>
      <Badge tone={EVIDENCE[evidence]}>{t(`junction.evidence.${evidence}`)}</Badge>
      {failure ? <span lang={SERVICE_LANGUAGE}>{failure.detail}</span> : null}
      {mayReview && evidence === "sealed" ? (
        <ButtonLink size="small" href="#/review">
          {t("junction.event.review")}
        </ButtonLink>
      ) : null}
    </div>
  );
}

import { useState } from "react";
import type { EventShape } from "@/api/shapes";
import { useTexts } from "@/texts";
import { Mark, Time, type Tone } from "@/ui";
import { eventNote, eventTitle } from "@/ui/EventList";
import styles from "./replay.module.css";
import { SceneDialog } from "./SceneDialog";

const TONES: Readonly<Record<EventShape["kind"], Tone>> = {
  violation: "bad",
  void: "neutral",
  notice: "info",
};
/** More are there at the press of a button: a list of thousands helps nobody. */
const FIRST = 50;

/** Events of a run; each opens its scene. */
export function Events({
  events,
  job,
  label,
}: {
  events: readonly EventShape[];
  /** The run that they are of; absent where they are on the bus. */
  job?: string | undefined;
  label: string;
}) {
  const t = useTexts();
  const [all, setAll] = useState(false);
  const [shown, setShown] = useState<EventShape>();
  if (events.length === 0) return <p className={styles.hint}>{t("replay.no_events")}</p>;
  const list = all ? events : events.slice(0, FIRST);
  return (
    <>
      <ol className={styles.events} aria-label={label}>
        {list.map((event) => {
          const note = eventNote(t, event);
          return (
            <li key={`${event.kind}/${event.id}`}>
              <button type="button" className={styles.event} onClick={() => setShown(event)}>
                <span className={styles.time}>
                  <Time at={event.time} />
                </span>
                <Mark tone={TONES[event.kind]} size="0.95rem" />
                <span>
                  <span className={styles.title}>{eventTitle(t, event)}</span>
                  <span className={styles.note}>
                    {[event.camera, note].filter(Boolean).join(" · ")}
                  </span>
                </span>
              </button>
            </li>
          );
        })}
      </ol>
      {list.length < events.length ? (
        <button type="button" className={styles.more} onClick={() => setAll(true)}>
          {t("replay.show_all", { count: events.length })}
        </button>
      ) : null}
      <SceneDialog event={shown} job={job} onClose={() => setShown(undefined)} />
    </>
  );
}

import { memo, useDeferredValue } from "react";
import type { EventShape } from "@/api/shapes";
import { type Translate, useTexts } from "@/texts";
import { Mark, type Tone } from "./Badge";
import styles from "./EventList.module.css";
import { quantityTitle } from "./Quantity";
import { Time } from "./Time";

const TONES: Record<EventShape["kind"], Tone> = {
  violation: "bad",
  void: "neutral",
  notice: "info",
};

/** The rule in plain words; of a notice, what it is about. */
export function eventTitle(t: Translate, event: EventShape): string {
  if (event.kind === "notice") {
    const about = event.cause && t.maybe(`words.condition.${event.cause}`);
    return (
      about ?? (event.cause && t.maybe(`words.cause.${event.cause}`)) ?? t("words.kind.notice")
    );
  }
  return t.maybe(`words.rule.${event.rule}`) ?? quantityTitle(undefined, event.rule);
}

/** Why nothing was decided, and whatever else there is to say in one line. */
export function eventNote(t: Translate, event: EventShape): string {
  const cause =
    event.kind === "void" && event.cause
      ? (t.maybe(`words.cause.${event.cause}`) ?? quantityTitle(undefined, event.cause))
      : undefined;
  const what = event.vehicle_class
    ? (t.maybe(`words.class.${event.vehicle_class}`) ?? event.vehicle_class)
    : undefined;
  const where = event.lane ? t("ui.event.lane", { lane: event.lane }) : undefined;
  return [cause, event.kind === "notice" ? event.detail : undefined, what, where]
    .filter(Boolean)
    .join(" · ");
}

export interface EventListProps {
  events: readonly EventShape[];
  /** Name and time zone of a junction. */
  site?: (id: string) => { name: string; timezone: string } | undefined;
  /** Where a press leads; the event is a link. */
  href: (event: EventShape) => string;
  selected?: string | undefined;
  /** Whether to name the junction. */
  withSite?: boolean;
}

interface RowProps {
  event: EventShape;
  href: string;
  selected: boolean;
  /** Name of the junction, where it is to be told. */
  name: string | undefined;
  zone: string | undefined;
}

/** One event. It is drawn once: an event never changes. */
const Row = memo(function Row({ event, href, selected, name, zone }: RowProps) {
  const t = useTexts();
  const note = eventNote(t, event);
  return (
    <li>
      <a href={href} className={styles.event} aria-current={selected ? "true" : undefined}>
        <span className={styles.time}>
          <Time at={event.time} zone={zone} />
        </span>
        <span className={styles.kind}>
          <Mark tone={TONES[event.kind]} size="0.95rem" />
          <span className="visually-hidden">{t(`words.kind.${event.kind}`)}</span>
        </span>
        <span className={styles.what}>
          <span className={event.kind === "violation" ? styles.violation : styles.title}>
            {eventTitle(t, event)}
          </span>
          <span className={styles.note}>
            {name ? `${name} · ` : ""}
            {event.camera}
            {note ? ` · ${note}` : ""}
          </span>
        </span>
      </a>
    </li>
  );
});

/** Events, newest first. Each is one link: what, where, when. */
export function EventList({ events, site, href, selected, withSite = false }: EventListProps) {
  // A hundred new rows wait for whatever the person does: keys and pictures come first.
  const shown = useDeferredValue(events);
  return (
    <ol className={styles.list}>
      {shown.map((event) => {
        const at = site?.(event.site);
        return (
          <Row
            key={`${event.kind}/${event.id}`}
            event={event}
            href={href(event)}
            selected={event.id === selected}
            name={withSite ? (at?.name ?? event.site) : undefined}
            zone={at?.timezone}
          />
        );
      })}
    </ol>
  );
}

import { useLiveState } from "@/api/hooks";
import type { EventShape, SignalHistory } from "@/api/shapes";
import { useTexts } from "@/texts";
import { SignalTimeline } from "@/ui/SignalTimeline";

const WINDOW_MS = 5 * 60_000;

/** The last five minutes of every signal group, up to the server's event time. */
export function LiveSignals({
  groups,
  kinds,
  zone,
  events,
}: {
  groups: readonly SignalHistory[];
  kinds: readonly { id: string; kind: string }[];
  zone: string;
  events: readonly EventShape[];
}) {
  const t = useTexts();
  const { eventTime } = useLiveState();
  const newest = groups.flatMap((group) => group.history.slice(-1).map((change) => change.time));
  const to = Math.max(
    eventTime ? Date.parse(eventTime) : 0,
    ...newest.map((time) => Date.parse(time)),
  );
  if (groups.length === 0 || to === 0) return <p className="soft">{t("junction.signals.none")}</p>;
  return (
    <SignalTimeline
      label={t("junction.signals.title")}
      groups={groups}
      kinds={kinds}
      from={to - WINDOW_MS}
      to={to}
      zone={zone}
      events={events.filter((event) => event.kind === "violation")}
    />
  );
}

import { useMemo } from "react";
import type { SignalHistory, SignalState } from "@/api/shapes";
import { useFormat, useTexts } from "@/texts";
import styles from "./SignalTimeline.module.css";
import { bands, ticks } from "./signalBands";

/** Bands are of unlike height, so that they tell themselves apart without colour. */
const HEIGHTS: Record<SignalState, number> = { red: 18, yellow: 12, green: 6, unknown: 2 };

/** Signal groups over time: one row each; `cursor` is an instant, milliseconds. */
export function SignalTimeline({
  label,
  groups,
  kinds,
  from,
  to,
  zone,
  cursor,
  events = [],
}: {
  label: string;
  groups: readonly SignalHistory[];
  kinds: readonly { id: string; kind: string }[];
  from: number;
  to: number;
  zone: string;
  cursor?: number;
  events?: readonly { id: string; time: string }[];
}) {
  const t = useTexts();
  const format = useFormat();
  const rows = useMemo(() => {
    const kind = (id: string) => kinds.find((one) => one.id === id)?.kind ?? "vehicle";
    return [...groups].sort(
      (a, b) =>
        Number(kind(a.group) !== "vehicle") - Number(kind(b.group) !== "vehicle") ||
        a.group.localeCompare(b.group),
    );
  }, [groups, kinds]);
  const span = to - from;
  const left = (ms: number) => `${((ms - from) / span) * 100}%`;
  const inside = events
    .map((event) => ({ id: event.id, at: Date.parse(event.time) }))
    .filter(({ at }) => at >= from && at <= to);
  return (
    <div role="group" className={styles.timeline} aria-label={label}>
      <div className={styles.rows}>
        {rows.map((row) => {
          const drawn = bands(row, from, to);
          const now = drawn.at(-1)?.state ?? "unknown";
          return (
            <div key={row.group} className={styles.row}>
              <span className={styles.name}>{row.group}</span>
              <svg
                viewBox={`0 0 ${span} 22`}
                preserveAspectRatio="none"
                className={styles.band}
                role="img"
                aria-label={t("ui.signals.row", {
                  group: row.group,
                  state: t(`words.signal.${now}`),
                })}
              >
                {drawn.map((band) => (
                  <rect
                    key={band.from}
                    x={band.from - from}
                    width={Math.max(0, band.to - band.from)}
                    y={21 - HEIGHTS[band.state]}
                    height={HEIGHTS[band.state]}
                    className={styles[band.state]}
                  />
                ))}
              </svg>
            </div>
          );
        })}
        <div className={styles.over} aria-hidden="true">
          {inside.map(({ id, at }) => (
            <i key={id} className={styles.event} style={{ left: left(at) }} />
          ))}
          {cursor === undefined ? null : (
            <i
              className={styles.cursor}
              style={{ left: left(Math.min(to, Math.max(from, cursor))) }}
            />
          )}
        </div>
      </div>
      <div className={styles.axis} aria-hidden="true">
        {ticks(from, to)
          .filter((at) => at < to - span * 0.03)
          .map((at) => (
            <span key={at} style={{ left: left(at) }}>
              {span > 60_000
                ? format.minute(new Date(at).toISOString(), zone)
                : format.time(new Date(at).toISOString(), zone)}
            </span>
          ))}
      </div>
    </div>
  );
}

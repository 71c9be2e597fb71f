/** What the signal showed over the clip, with the frame that is shown now and the moment of crossing. */
import { type KeyboardEvent, type PointerEvent, useRef } from "react";
import type { SignalState } from "@/api/shapes";
import { type TextKey, useFormat, useTexts } from "@/texts";
import { SignalLamp } from "@/ui";
import { type FrameIndex, nearestFrame } from "../logic/frames";
import { written } from "../logic/instants";
import { bands, type SignalRecord, stateAt } from "../logic/signals";
import styles from "./SignalTimeline.module.css";

const WIDTH = 1000;

export function SignalTimeline({
  records,
  group,
  index,
  frame,
  crossing,
  stills,
  zone,
  onSeek,
}: {
  records: SignalRecord[];
  group: string | null;
  index: FrameIndex;
  frame: number;
  crossing: number;
  stills: number[];
  zone: string | undefined;
  onSeek: (frame: number) => void;
}) {
  const t = useTexts();
  const format = useFormat();
  const line = useRef<HTMLDivElement>(null);
  const from = index.taken[0] ?? crossing;
  const to = index.taken.at(-1) ?? crossing;
  const span = Math.max(to - from, 1);
  const x = (us: number): number => Math.min(Math.max((us - from) / span, 0), 1);
  const at = index.taken[frame] ?? crossing;
  const now = group === null ? null : stateAt(records, group, at);

  const seek = (event: PointerEvent): void => {
    const box = line.current?.getBoundingClientRect();
    if (!box || (event.type === "pointermove" && event.buttons !== 1)) return;
    // The desk's keys go on working: the focus stays where it is.
    event.preventDefault();
    onSeek(nearestFrame(index, from + ((event.clientX - box.left) / box.width) * span));
  };
  const key = (event: KeyboardEvent): void => {
    const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    onSeek(frame + step);
  };
  const words = now
    ? t("review.signal.now", {
        group: group ?? "",
        state: t(`words.signal.${known(now.state)}` as TextKey),
        seconds: now.since === null ? "" : format.number((at - now.since) / 1e6, 2),
        since: now.since === null ? "" : format.time(written(now.since), zone),
        known: String(now.since !== null),
      })
    : t("review.signal.none");

  return (
    <div className={styles.timeline}>
      <div
        ref={line}
        className={styles.bands}
        role="slider"
        tabIndex={0}
        aria-label={t("review.signal.slider")}
        aria-valuemin={1}
        aria-valuemax={index.taken.length}
        aria-valuenow={frame + 1}
        aria-valuetext={`${t("review.clip.frame", { frame: frame + 1, frames: index.taken.length })}, ${words}`}
        onPointerDown={seek}
        onPointerMove={seek}
        onKeyDown={key}
      >
        <svg
          viewBox={`0 0 ${WIDTH} 10`}
          preserveAspectRatio="none"
          className={styles.band}
          aria-hidden="true"
        >
          {(group === null ? [] : bands(records, group, from, to + 1)).map((band) => (
            <rect
              key={band.from}
              x={x(band.from) * WIDTH}
              width={Math.max((x(band.to) - x(band.from)) * WIDTH, 0)}
              // Height tells the colour as well: red is full, yellow is two thirds, green is one third.
              y={10 - HEIGHT[known(band.state)]}
              height={HEIGHT[known(band.state)]}
              className={styles[`signal_${known(band.state)}`]}
            />
          ))}
        </svg>
        {stills.map((still) => (
          <span key={still} className={styles.mark_still} style={{ left: `${x(still) * 100}%` }} />
        ))}
        <span className={styles.mark_crossing} style={{ left: `${x(crossing) * 100}%` }} />
        <span className={styles.mark_now} style={{ left: `${x(at) * 100}%` }} />
      </div>
      <div className={styles.signal_words}>
        {now ? <SignalLamp state={known(now.state)} words={false} /> : null}
        <span className="numbers">{words}</span>
        <span className="soft numbers">
          {t("review.signal.from_event", {
            when: Math.abs(at - crossing) < 5_000 ? "at" : at < crossing ? "before" : "after",
            seconds: format.number(Math.abs(at - crossing) / 1e6, 2),
          })}
        </span>
      </div>
    </div>
  );
}

const HEIGHT: Record<SignalState, number> = { red: 10, yellow: 6.6, green: 3.3, unknown: 1.2 };

function known(state: string): SignalState {
  return state === "red" || state === "yellow" || state === "green" ? state : "unknown";
}

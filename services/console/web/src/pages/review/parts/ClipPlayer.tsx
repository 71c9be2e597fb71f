/** The clip, frame by frame, with the signal under it in step. What the frame number says is what the film
 * shows: it is read from the frame that was presented, not from the one that was asked for. */
import { type Ref, useCallback, useEffect, useImperativeHandle, useRef, useState } from "react";
import { useFormat, useTexts } from "@/texts";
import { Button, ErrorNote, Icon, Skeleton } from "@/ui";
import type { CaseFiles, Clip } from "../logic/files";
import { clampFrame, frameAt, jump, nearestFrame, seekSeconds } from "../logic/frames";
import { written } from "../logic/instants";
import { type Manifest, stateNear, type TrackState } from "../logic/package";
import type { Claim } from "../logic/session";
import shared from "../review.module.css";
import styles from "./ClipPlayer.module.css";
import { Key } from "./Key";
import { Outline } from "./Picture";
import { asShown } from "./Resting";
import { SignalTimeline } from "./SignalTimeline";

export interface Player {
  toggle: () => void;
  slower: () => void;
  step: (frames: number) => void;
  jump: (way: 1 | -1) => void;
  edge: (end: 1 | -1) => void;
}

const RATES = [1, 0.5, 0.25];

interface Props {
  player: Ref<Player>;
  files: CaseFiles;
  manifest: Manifest | null;
  track: TrackState[];
  violation: Claim["violation"];
  crossing: number;
  zone: string | undefined;
  frame: number | null;
  onFrame: (frame: number) => void;
}

export function ClipPlayer(props: Props) {
  const t = useTexts();
  const { clip } = props.files;
  return (
    <section className={styles.clip} aria-label={t("review.clip.title")}>
      {clip.state === "ready" ? (
        <Film {...props} clip={clip.value} />
      ) : clip.state === "failed" ? (
        <ErrorNote error={asShown(clip.failure)} title={t("review.clip.failed")} />
      ) : (
        <Skeleton height="100%" />
      )}
    </section>
  );
}

function Film({
  player,
  clip,
  files,
  manifest,
  track,
  violation,
  crossing,
  zone,
  frame,
  onFrame,
}: Props & { clip: Clip }) {
  const t = useTexts();
  const format = useFormat();
  const video = useRef<HTMLVideoElement>(null);
  const asked = useRef<number | null>(null);
  const [playing, setPlaying] = useState(false);
  const [rate, setRate] = useState(1);
  const [broken, setBroken] = useState(false);
  const { index } = clip;

  const show = useCallback(
    (wanted: number): void => {
      const film = video.current;
      if (!film) return;
      film.pause();
      asked.current = clampFrame(index, wanted);
      // One seek at a time; the newest wish is looked at when it ends.
      if (!film.seeking) film.currentTime = seekSeconds(index, asked.current);
    },
    [index],
  );

  // Each frame as it is presented.
  useEffect(() => {
    const film = video.current;
    if (!film) return;
    let handle = 0;
    const presented: VideoFrameRequestCallback = (_, { mediaTime }) => {
      onFrame(frameAt(index, mediaTime));
      handle = film.requestVideoFrameCallback(presented);
    };
    handle = film.requestVideoFrameCallback(presented);
    return () => film.cancelVideoFrameCallback(handle);
  }, [index, onFrame]);

  const sought = (): void => {
    const film = video.current;
    const wanted = asked.current;
    if (!film || wanted === null) return;
    if (frameAt(index, film.currentTime) === wanted) asked.current = null;
    else film.currentTime = seekSeconds(index, wanted);
  };

  const here = (): number => asked.current ?? frame ?? nearestFrame(index, crossing);
  const moments = [
    ...Object.values(manifest?.stills ?? {}),
    crossing,
    index.taken[0] ?? crossing,
    index.taken.at(-1) ?? crossing,
  ];
  const toggle = (): void => {
    const film = video.current;
    if (!film) return;
    if (!film.paused) return film.pause();
    asked.current = null;
    if (film.ended || here() >= index.taken.length - 1) film.currentTime = 0;
    void film.play().catch(() => setBroken(true));
  };
  const slower = (): void => {
    const next = RATES[(RATES.indexOf(rate) + 1) % RATES.length] ?? 1;
    setRate(next);
    if (video.current) video.current.playbackRate = next;
  };
  useImperativeHandle(player, () => ({
    toggle,
    slower,
    step: (frames) => show(here() + frames),
    jump: (way) => show(jump(index, here(), moments, way)),
    edge: (end) => show(end === -1 ? 0 : index.taken.length - 1),
  }));

  const at = (frame === null ? undefined : index.taken[frame]) ?? crossing;
  return (
    <>
      <div className={shared.screen}>
        <video
          ref={video}
          src={clip.url}
          muted
          playsInline
          preload="auto"
          disablePictureInPicture
          disableRemotePlayback
          className={shared.picture}
          aria-label={t("review.clip.alt")}
          onLoadedData={() => show(nearestFrame(index, crossing))}
          onSeeked={sought}
          onPlay={() => setPlaying(true)}
          onPause={() => setPlaying(false)}
          onError={() => setBroken(true)}
        />
        {manifest ? (
          <Outline
            state={stateNear(track, at)}
            width={manifest.clip.width}
            height={manifest.clip.height}
          />
        ) : null}
        {broken ? <p className={styles.broken}>{t("review.clip.broken")}</p> : null}
      </div>
      <div className={styles.transport}>
        <Button
          size="small"
          onPress={() => show(here() - 1)}
          aria-label={t("review.keys.back_one")}
        >
          <Key cap="," />
        </Button>
        <Button size="small" onPress={toggle} aria-label={t("review.keys.play")}>
          <Icon name={playing ? "pause" : "play"} size="1rem" />
        </Button>
        <Button size="small" onPress={() => show(here() + 1)} aria-label={t("review.keys.on_one")}>
          <Key cap="." />
        </Button>
        <Button
          size="small"
          onPress={() => show(nearestFrame(index, crossing))}
          aria-label={t("review.clip.to_crossing")}
        >
          <Key cap="[" />
          <Key cap="]" />
        </Button>
        <span className="numbers">
          {t("review.clip.frame", { frame: (frame ?? 0) + 1, frames: index.taken.length })}
        </span>
        <span className="numbers soft" title={`${written(at)}`}>
          {format.time(written(at), zone)}.{written(at).slice(20, 23)}
        </span>
        {rate === 1 ? null : (
          <span className="soft">{t("review.clip.rate", { rate: String(rate) })}</span>
        )}
        {index.exact ? null : <span className="soft">{t("review.clip.inexact")}</span>}
      </div>
      <SignalTimeline
        records={files.signals}
        group={violation.signal?.group ?? null}
        index={index}
        frame={frame ?? nearestFrame(index, crossing)}
        crossing={crossing}
        stills={Object.values(manifest?.stills ?? {})}
        zone={zone}
        onSeek={show}
      />
    </>
  );
}

import { useMemo } from "react";
import { asProblem } from "@/api/problem";
import type { EventScene, SitePlan } from "@/api/shapes";
import { useKeys } from "@/app/keys";
import { useFormat, useTexts } from "@/texts";
import { Button, EmptyState, ErrorNote, Icon, Skeleton, Time } from "@/ui";
import { PlanView } from "@/ui/plan/PlanView";
import { fixed } from "@/ui/plan/source";
import { SignalTimeline } from "@/ui/SignalTimeline";
import { signalsAt, useScene } from "./data";
import styles from "./Junction.module.css";
import { usePlayer } from "./player";
import { frameAt, framesOf } from "./sceneFrames";

/** See it happen: the anonymous tracks around an event, on the plan, with the signals of then. */
export function ScenePlayer({ event, plan }: { event: string; plan: SitePlan }) {
  const t = useTexts();
  const scene = useScene(event);
  if (scene.isPending) return <Skeleton height="22rem" />;
  const gone = asProblem(scene.error).status === 404;
  if (scene.isError && !gone)
    return <ErrorNote error={scene.error} retry={() => void scene.refetch()} />;
  if (gone || !scene.data || scene.data.frames.length === 0) {
    return (
      <EmptyState icon="replay" title={t("junction.scene.none")}>
        {t("junction.scene.none_text")}
      </EmptyState>
    );
  }
  return <Playing scene={scene.data} plan={plan} />;
}

const SPEEDS = [0.25, 0.5, 1, 2] as const;

function Playing({ scene, plan }: { scene: EventScene; plan: SitePlan }) {
  const t = useTexts();
  const format = useFormat();
  const [from, to] = [Date.parse(scene.from), Date.parse(scene.to)];
  const middle = (from + to) / 2;
  const player = usePlayer(from, to, Math.max(from, middle - 4000));
  const frames = useMemo(() => framesOf(scene), [scene]);
  const index = frameAt(frames.times, player.at);
  const tracks = useMemo(() => fixed(frames.tracks[index] ?? []), [frames, index]);
  const signals = useMemo(() => signalsAt(scene.signals, player.at), [scene.signals, player.at]);
  const gap = frames.gaps[index];

  const stepFrames = (by: number) => {
    const next = frames.times[Math.min(frames.times.length - 1, Math.max(0, index + by))];
    if (player.playing) player.toggle();
    if (next !== undefined) player.seek(next);
  };
  const slower = (by: number) => {
    const now = SPEEDS.indexOf(player.speed as (typeof SPEEDS)[number]);
    player.setSpeed(SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, now + by))] ?? 1);
  };
  useKeys([
    { keys: [" "], text: t("junction.keys.play"), run: player.toggle },
    {
      keys: ["ArrowLeft"],
      text: t("junction.keys.back"),
      repeats: true,
      run: () => stepFrames(-1),
    },
    { keys: ["ArrowRight"], text: t("junction.keys.on"), repeats: true, run: () => stepFrames(1) },
    { keys: ["-"], text: t("junction.keys.slower"), run: () => slower(-1) },
    { keys: ["+"], text: t("junction.keys.faster"), run: () => slower(1) },
    { keys: ["Home"], text: t("junction.keys.start"), run: () => player.seek(from) },
    { keys: ["m"], text: t("junction.keys.moment"), run: () => player.seek(middle) },
  ]);

  const offset = (player.at - middle) / 1000;
  const signed = `${offset < 0 ? "−" : "+"}${format.number(Math.abs(offset), 1)}`;
  return (
    <div className={styles.scene}>
      <PlanView
        plan={plan}
        tracks={tracks}
        signals={signals}
        highlight={scene.track}
        camera={scene.camera}
      />
      {gap ? (
        <p className={styles.gap} role="status">
          {t("junction.scene.gap", { why: t.maybe(`junction.gap.${gap}`) ?? gap })}
        </p>
      ) : null}
      {scene.complete ? null : <p className="soft">{t("junction.scene.incomplete")}</p>}
      <div className={styles.controls}>
        <Button size="small" aria-label={t("junction.keys.back")} onPress={() => stepFrames(-1)}>
          <Icon name="left" />
        </Button>
        <Button kind="primary" onPress={player.toggle}>
          <Icon name={player.playing ? "pause" : "play"} />
          {t(player.playing ? "junction.scene.pause" : "junction.scene.play")}
        </Button>
        <Button size="small" aria-label={t("junction.keys.on")} onPress={() => stepFrames(1)}>
          <Icon name="right" />
        </Button>
        <input
          type="range"
          className={styles.scrubber}
          aria-label={t("junction.scene.scrubber")}
          aria-valuetext={t("junction.scene.offset", { offset: signed })}
          min={from}
          max={to}
          step={40}
          value={player.at}
          onChange={(change) => {
            if (player.playing) player.toggle();
            player.seek(Number(change.target.value));
          }}
        />
        <span className={styles.offset}>
          <strong className="numbers">{t("junction.scene.offset", { offset: signed })}</strong>
          <Time at={new Date(player.at).toISOString()} zone={plan.timezone} />
        </span>
        <label className={styles.speed}>
          <span className="visually-hidden">{t("junction.scene.speed")}</span>
          <select
            value={player.speed}
            onChange={(change) => player.setSpeed(Number(change.target.value))}
          >
            {SPEEDS.map((speed) => (
              <option key={speed} value={speed}>
                {t("junction.scene.times", { speed: format.number(speed, speed < 1 ? 2 : 0) })}
              </option>
            ))}
          </select>
        </label>
      </div>
      <SignalTimeline
        label={t("junction.signals.title")}
        groups={scene.signals}
        kinds={plan.signal_groups}
        from={from}
        to={to}
        zone={plan.timezone}
        cursor={player.at}
        events={[{ id: scene.event, time: new Date(middle).toISOString() }]}
      />
    </div>
  );
}

/** An event as it happened: the tracks around it on the plan, to play and to step through. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { get } from "@/api/http";
import type { EventScene, EventShape, SignalState, SitePlan } from "@/api/shapes";
import { useFormat, useTexts } from "@/texts";
import { Button, Dialog, EmptyState, ErrorNote, Icon, Quantity, Skeleton } from "@/ui";
import { eventNote, eventTitle } from "@/ui/EventList";
import { PlanView } from "@/ui/plan/PlanView";
import { fixed } from "@/ui/plan/source";
import { fetchJobScene } from "../calibrate/api";
import styles from "./replay.module.css";
import { frameAt, signalsAt } from "./scene";

export function SceneDialog({
  event,
  job,
  onClose,
}: {
  event: EventShape | undefined;
  job: string | undefined;
  onClose: () => void;
}) {
  const t = useTexts();
  return (
    <Dialog
      wide
      title={event ? eventTitle(t, event) : ""}
      isOpen={event !== undefined}
      onClose={onClose}
    >
      {event ? <Scene key={event.id} event={event} job={job} /> : null}
    </Dialog>
  );
}

function Scene({ event, job }: { event: EventShape; job: string | undefined }) {
  const t = useTexts();
  const plan = useQuery({
    queryKey: ["plan", event.site],
    queryFn: () => get<SitePlan>(`/api/v1/sites/${encodeURIComponent(event.site)}`),
    enabled: job === undefined,
  });
  const scene = useQuery({
    queryKey: ["scene", job ?? "bus", event.id],
    queryFn: (): Promise<EventScene & { plan?: SitePlan }> =>
      job
        ? fetchJobScene(job, event.id)
        : get<EventScene>(`/api/v1/events/${encodeURIComponent(event.id)}/scene`),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const road = scene.data?.plan ?? plan.data;
  return (
    <div className={styles.scene}>
      <p className={styles.note}>{eventNote(t, event)}</p>
      {scene.isPending || (!job && plan.isPending) ? (
        <Skeleton height="20rem" />
      ) : plan.isError ? (
        <ErrorNote error={plan.error} />
      ) : scene.isError ? (
        <ErrorNote error={scene.error} />
      ) : !road || scene.data.frames.length === 0 ? (
        <EmptyState title={t("replay.scene.none")} />
      ) : (
        <Player event={event} plan={road} scene={scene.data} />
      )}
      {event.quantities.length ? (
        <div className={styles.quantities}>
          {event.quantities.map((quantity) => (
            <Quantity key={quantity.name} {...quantity} />
          ))}
        </div>
      ) : null}
    </div>
  );
}

function Player({ event, plan, scene }: { event: EventShape; plan: SitePlan; scene: EventScene }) {
  const t = useTexts();
  const format = useFormat();
  const from = Date.parse(scene.from);
  const length = Math.max(1, Date.parse(scene.to) - from);
  const [at, setAt] = useState(() => Math.max(0, Date.parse(event.time) - from - 2000));
  const [playing, setPlaying] = useState(false);
  useEffect(() => {
    if (!playing) return;
    const timer = setInterval(() => {
      setAt((now) => {
        if (now + 100 < length) return now + 100;
        setPlaying(false);
        return length;
      });
    }, 100);
    return () => clearInterval(timer);
  }, [playing, length]);
  const frame = frameAt(scene, from + at);
  const tracks = useMemo(() => fixed(frame?.tracks ?? []), [frame]);
  const signals = signalsAt(scene, from + at) as Record<string, SignalState>;
  const offset = (from + at - Date.parse(event.time)) / 1000;
  return (
    <>
      <PlanView
        ratio={2.4}
        plan={plan}
        tracks={tracks}
        signals={signals}
        {...("track" in scene && typeof scene.track === "number" ? { highlight: scene.track } : {})}
      />
      <div className={styles.player}>
        <Button
          size="small"
          aria-label={t(playing ? "replay.scene.pause" : "replay.scene.play")}
          onPress={() => {
            if (!playing && at >= length) setAt(0);
            setPlaying(!playing);
          }}
        >
          <Icon name={playing ? "pause" : "play"} />
        </Button>
        <input
          type="range"
          className={styles.range}
          min={0}
          max={length}
          step={40}
          value={at}
          aria-label={t("replay.scene.position")}
          aria-valuetext={t("replay.scene.offset", { s: format.number(offset, 1) })}
          onChange={(change) => {
            setPlaying(false);
            setAt(Number(change.target.value));
          }}
        />
        <span className="numbers">{t("replay.scene.offset", { s: format.number(offset, 1) })}</span>
      </div>
    </>
  );
}

/**
 * The junction from above: lanes, lines, crossings and areas as SVG, and what moves on a canvas over it.
 * `tracks` is drawn at most once a frame and without React; the lamps come from `signals`.
 */
import { memo, type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import type { SignalState, SitePlan } from "@/api/shapes";
import { useShownTheme } from "@/app/theme";
import { useTexts } from "@/texts";
import { Button } from "../Button";
import { Icon } from "../Icon";
import { readColours } from "./colours";
import { drawTracks } from "./drawTracks";
import { Ground } from "./Ground";
import { boundsOf, type Frame, heartOf, withRatio } from "./geometry";
import styles from "./PlanView.module.css";
import type { TrackSource } from "./source";

const RATIO = 1.5;
const ZOOMS = [1, 1.6, 2.6] as const;

export interface PlanViewProps {
  plan: SitePlan;
  tracks?: TrackSource;
  signals?: Readonly<Record<string, SignalState>>;
  /** The track that it is about. */
  highlight?: number;
  /** The chosen camera: what it sees is marked. */
  camera?: string;
  /** Width to height. */
  ratio?: number;
  /** Drawn over the ground, in drawing units (metres, y down); gets the frame. */
  children?: (frame: Frame) => ReactNode;
}

export function PlanView({
  plan,
  tracks,
  signals,
  highlight,
  camera,
  ratio = RATIO,
  children,
}: PlanViewProps) {
  const t = useTexts();
  const [zoom, setZoom] = useState(0);
  const [whole, setWhole] = useState(false);
  const frame = useMemo(() => {
    if (whole) return withRatio(boundsOf(plan), ratio);
    const all = withRatio(heartOf(plan), ratio);
    const by = ZOOMS[zoom] ?? 1;
    const [width, height] = [all.width / by, all.height / by];
    return {
      left: all.left + (all.width - width) / 2,
      top: all.top - (all.height - height) / 2,
      width,
      height,
    };
  }, [plan, ratio, zoom, whole]);

  return (
    <div className={styles.plan} style={{ aspectRatio: ratio }}>
      <Ground frame={frame} plan={plan} camera={camera} signals={signals} />
      {children ? (
        <svg
          className={styles.layer}
          viewBox={`0 0 ${frame.width} ${frame.height}`}
          aria-hidden="true"
        >
          {children(frame)}
        </svg>
      ) : null}
      {tracks ? (
        <Moving frame={frame} tracks={tracks} highlight={highlight} name={plan.name} />
      ) : null}
      <div className={styles.zoom}>
        <Button
          size="small"
          aria-label={t("ui.plan.nearer")}
          isDisabled={whole ? false : zoom >= ZOOMS.length - 1}
          onPress={() => {
            if (whole) setWhole(false);
            else setZoom(zoom + 1);
          }}
        >
          <Icon name="plus" size="1.1rem" />
        </Button>
        <Button
          size="small"
          aria-label={t("ui.plan.farther")}
          isDisabled={whole}
          onPress={() => {
            if (zoom > 0) setZoom(zoom - 1);
            else setWhole(true);
          }}
        >
          <Icon name="minus" size="1.1rem" />
        </Button>
      </div>
    </div>
  );
}

const Moving = memo(function Moving({
  frame,
  tracks,
  highlight,
  name,
}: {
  frame: Frame;
  tracks: TrackSource;
  highlight: number | undefined;
  name: string;
}) {
  const t = useTexts();
  const theme = useShownTheme();
  const ref = useRef<HTMLCanvasElement>(null);
  const [counts, setCounts] = useState({ vehicles: 0, people: 0 });

  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme has other colours.
  useEffect(() => {
    const canvas = ref.current;
    const context = canvas?.getContext("2d");
    if (!canvas || !context) return;
    const colours = readColours();
    let asked = 0;
    const draw = () => {
      asked = 0;
      const { clientWidth, clientHeight } = canvas;
      const density = Math.min(devicePixelRatio, 2);
      const [width, height] = [
        Math.round(clientWidth * density),
        Math.round(clientHeight * density),
      ];
      if (canvas.width !== width || canvas.height !== height) {
        canvas.width = width;
        canvas.height = height;
      }
      context.setTransform(density, 0, 0, density, 0, 0);
      context.clearRect(0, 0, clientWidth, clientHeight);
      const list = tracks.get();
      drawTracks(context, frame, list, {
        colours,
        scale: clientWidth / frame.width,
        highlight,
      });
    };
    const ask = () => {
      asked ||= requestAnimationFrame(draw);
    };
    const count = () => {
      const list = tracks.get();
      const people = list.filter((track) => track.class === "person").length;
      setCounts({ vehicles: list.length - people, people });
    };
    const off = tracks.listen(ask);
    const resized = new ResizeObserver(ask);
    resized.observe(canvas);
    // The words for those who do not see the picture need not follow every frame.
    const timer = setInterval(count, 5000);
    count();
    ask();
    return () => {
      off();
      resized.disconnect();
      clearInterval(timer);
      cancelAnimationFrame(asked);
    };
  }, [frame, tracks, highlight, theme]);

  return (
    <canvas
      ref={ref}
      className={styles.layer}
      role="img"
      aria-label={t("ui.plan.label", { name, ...counts })}
    />
  );
});

import { useEffect, useRef, useState } from "react";
import { useLiveState } from "@/api/hooks";
import type { PlanCamera } from "@/api/shapes";
import { SERVICE_LANGUAGE, useTexts } from "@/texts";
import { EmptyState, Switch, Time } from "@/ui";
import type { LatestTracks } from "@/ui/plan/source";
import { drawBoxes } from "./drawBoxes";
import styles from "./Junction.module.css";
import { usePicture } from "./picture";

/** A picture that is older than this is marked as old. */
const OLD_MS = 5000;

/** The redacted picture of a camera, with what was tracked in it drawn over. */
export function CameraPicture({
  site,
  camera,
  zone,
  tracks,
}: {
  site: string;
  camera: PlanCamera;
  zone: string;
  tracks: LatestTracks;
}) {
  const t = useTexts();
  const picture = usePicture(site, camera.id);
  const { eventTime } = useLiveState();
  const [boxes, setBoxes] = useState(true);
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width_px, height_px } = camera;

  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context || !canvas.current) return;
    const { clientWidth, clientHeight } = canvas.current;
    const density = Math.min(devicePixelRatio, 2);
    canvas.current.width = Math.round(clientWidth * density);
    canvas.current.height = Math.round(clientHeight * density);
    context.setTransform(density, 0, 0, density, 0, 0);
    const seen = boxes && picture.url ? tracks.near(camera.id, picture.time)?.tracks : undefined;
    drawBoxes(context, seen ?? [], clientWidth / width_px);
  }, [picture, boxes, tracks, camera.id, width_px]);

  const old =
    picture.time !== undefined &&
    eventTime !== undefined &&
    Date.parse(eventTime) - Date.parse(picture.time) > OLD_MS;
  return (
    <figure className={styles.figure}>
      <div className={styles.frame} style={{ aspectRatio: `${width_px} / ${height_px}` }}>
        {picture.url ? (
          <img src={picture.url} alt={t("junction.picture.alt", { camera: camera.id })} />
        ) : (
          <EmptyState
            icon="camera"
            title={picture.problem ? t("junction.picture.none") : t("junction.picture.asking")}
          >
            <span lang={SERVICE_LANGUAGE}>{picture.problem?.detail}</span>
          </EmptyState>
        )}
        <canvas ref={canvas} />
        {picture.url && (old || picture.problem) ? (
          <p className={styles.old} role="status">
            {t("junction.picture.old")} <Time at={picture.time} zone={zone} show="dateTime" />
          </p>
        ) : null}
      </div>
      <figcaption className={styles.caption}>
        <span>
          {picture.time ? (
            <>
              {t("junction.picture.of")} <Time at={picture.time} zone={zone} />
            </>
          ) : null}
        </span>
        <Switch isSelected={boxes} onChange={setBoxes}>
          {t("junction.picture.boxes")}
        </Switch>
      </figcaption>
    </figure>
  );
}

/** A redacted picture with the one vehicle that it is about outlined. */
import type { TrackState } from "../logic/package";
import styles from "./Picture.module.css";

export function Outline({
  state,
  width,
  height,
}: {
  state: TrackState | null;
  width: number;
  height: number;
}) {
  if (!state || width <= 0 || height <= 0) return null;
  const [x0, y0, x1, y1] = state.box;
  return (
    <svg
      className={styles.outline}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="xMidYMid meet"
      aria-hidden="true"
    >
      <rect x={x0} y={y0} width={x1 - x0} height={y1 - y0} className={styles.outline_under} />
      <rect x={x0} y={y0} width={x1 - x0} height={y1 - y0} className={styles.outline_line} />
    </svg>
  );
}

/** A part of a picture, enlarged: the vehicle with some room around it. */
export function CloseUp({
  url,
  state,
  width,
  height,
  alt,
}: {
  url: string;
  state: TrackState;
  width: number;
  height: number;
  alt: string;
}) {
  const [x0, y0, x1, y1] = state.box;
  const room = Math.max(x1 - x0, y1 - y0) * 0.06;
  const view = [x0 - room, y0 - room, x1 - x0 + 2 * room, y1 - y0 + 2 * room];
  return (
    <svg
      className={styles.closeup}
      viewBox={view.join(" ")}
      preserveAspectRatio="xMidYMid meet"
      role="img"
      aria-label={alt}
    >
      <image href={url} x="0" y="0" width={width} height={height} preserveAspectRatio="none" />
    </svg>
  );
}

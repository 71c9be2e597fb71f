import type { Vec2 } from "../geometry/matrix";
import styles from "./panes.module.css";

const SIDE = 152;

/** What lies under the pointer, enlarged, so that a corner can be hit to the pixel. */
export function Loupe({
  picture,
  width,
  height,
  at,
  zoom,
  side,
}: {
  picture: string;
  width: number;
  height: number;
  at: Vec2;
  zoom: number;
  side: "left" | "right";
}) {
  const half = SIDE / 2 / zoom;
  return (
    <div className={[styles.loupe, styles[side]].join(" ")}>
      <svg
        aria-hidden="true"
        width={SIDE}
        height={SIDE}
        viewBox={`${at[0] - half} ${at[1] - half} ${half * 2} ${half * 2}`}
      >
        <image href={picture} width={width} height={height} preserveAspectRatio="none" />
        <path
          d={`M${at[0] - half} ${at[1]}H${at[0] + half}M${at[0]} ${at[1] - half}V${at[1] + half}`}
          stroke="#ffd23f"
          strokeWidth={1 / zoom}
        />
        <circle
          cx={at[0]}
          cy={at[1]}
          r={6 / zoom}
          fill="none"
          stroke="#ffd23f"
          strokeWidth={1.5 / zoom}
        />
      </svg>
    </div>
  );
}

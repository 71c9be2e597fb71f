import { useFormat, useTexts } from "@/texts";
import type { Share } from "../logic/share";
import styles from "../trust.module.css";

const WIDTH = 160;

/** A share as a point with its 95 % interval, on an axis from 0 to `end`. */
export function ShareBar({ share, end }: { share: Share; end: number }) {
  const t = useTexts();
  const format = useFormat();
  if (share.of === 0) return <span className="soft">{t("trust.share.none")}</span>;
  const x = (value: number): number => 4 + Math.min(Math.max(value / end, 0), 1) * (WIDTH - 8);
  const digits = share.share < 0.1 ? 1 : 0;
  const words = {
    share: format.percent(share.share, digits),
    low: format.percent(share.low, digits),
    high: format.percent(share.high, digits),
    count: share.count,
    of: share.of,
  };
  return (
    <div className={styles.share}>
      <svg
        viewBox={`0 0 ${WIDTH} 18`}
        className={styles.share_bar}
        role="img"
        aria-label={t("trust.share.picture", words)}
      >
        <line x1="4" x2={WIDTH - 4} y1="9" y2="9" className={styles.share_axis} />
        <path
          d={`M${x(share.low)} 9H${x(share.high)}M${x(share.low)} 4v10${share.high > end ? "" : `M${x(share.high)} 4v10`}`}
          className={styles.share_interval}
        />
        <circle cx={x(share.share)} cy="9" r="4" className={styles.share_point} />
      </svg>
      <span className="numbers">
        <strong>{words.share}</strong> <span className="soft">{t("trust.share.words", words)}</span>
      </span>
    </div>
  );
}

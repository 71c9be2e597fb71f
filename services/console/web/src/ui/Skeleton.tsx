import { useTexts } from "@/texts";
import styles from "./states.module.css";

/** Grey bars where something is about to be. `lines` or a fixed `height` (CSS length). */
export function Skeleton({ lines = 3, height }: { lines?: number; height?: string }) {
  const t = useTexts();
  return (
    <div className={styles.skeleton} role="status" data-loading="true">
      <span className="visually-hidden">{t("ui.loading")}</span>
      {height ? (
        <span className={styles.bar} style={{ height }} />
      ) : (
        Array.from({ length: lines }, (_, line) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: the bars have no identity.
            key={line}
            className={styles.bar}
            style={{ width: `${92 - ((line * 17) % 40)}%` }}
          />
        ))
      )}
    </div>
  );
}

import { Label, ProgressBar } from "react-aria-components";
import styles from "./Progress.module.css";

/** How far something has come, 0 to 1. */
export function Progress({ label, value }: { label: string; value: number }) {
  return (
    <ProgressBar value={value * 100} className={styles.progress ?? ""}>
      {({ percentage, valueText }) => (
        <>
          <span className={styles.words}>
            <Label>{label}</Label>
            <span className="numbers">{valueText}</span>
          </span>
          <span className={styles.track}>
            <span className={styles.fill} style={{ width: `${percentage ?? 0}%` }} />
          </span>
        </>
      )}
    </ProgressBar>
  );
}

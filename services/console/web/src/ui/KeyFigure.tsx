import type { ReactNode } from "react";
import type { Tone } from "./Badge";
import styles from "./KeyFigure.module.css";

/** A figure to be read from three metres. */
export function KeyFigure({
  label,
  value,
  note,
  tone = "neutral",
}: {
  label: ReactNode;
  value: ReactNode;
  note?: ReactNode;
  tone?: Tone;
}) {
  return (
    <div className={[styles.figure, styles[tone]].join(" ")}>
      <dt>{label}</dt>
      <dd>
        <span className={styles.value}>{value}</span>
        {note ? <span className={styles.note}>{note}</span> : null}
      </dd>
    </div>
  );
}

/** A row of key figures. */
export function KeyFigures({ children }: { children: ReactNode }) {
  return <dl className={styles.figures}>{children}</dl>;
}

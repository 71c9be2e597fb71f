import type { ReactNode } from "react";
import styles from "./Badge.module.css";

export type Tone = "good" | "warn" | "bad" | "info" | "neutral";

/** A state as colour, shape and word: each alone tells it. */
export function Badge({
  tone,
  children,
  title,
}: {
  tone: Tone;
  children: ReactNode;
  title?: string;
}) {
  return (
    <span className={[styles.badge, styles[tone]].join(" ")} title={title}>
      <Mark tone={tone} />
      {children}
    </span>
  );
}

/** The shape alone: disc for good, triangle for warn, diamond for bad, ring for neutral, square for info. */
export function Mark({ tone, size = "0.8em" }: { tone: Tone; size?: string }) {
  return (
    <svg
      viewBox="0 0 12 12"
      width={size}
      height={size}
      className={styles[`mark_${tone}`]}
      aria-hidden="true"
    >
      {tone === "good" ? <circle cx="6" cy="6" r="5" fill="currentColor" /> : null}
      {tone === "warn" ? <path d="M6 .5l6 11H0z" fill="currentColor" /> : null}
      {tone === "bad" ? <path d="M6 0l6 6-6 6-6-6z" fill="currentColor" /> : null}
      {tone === "info" ? <rect x="1" y="1" width="10" height="10" fill="currentColor" /> : null}
      {tone === "neutral" ? (
        <circle cx="6" cy="6" r="4.5" fill="none" stroke="currentColor" strokeWidth="2" />
      ) : null}
    </svg>
  );
}

import styles from "./Key.module.css";

/** The key that does the same. Readers hear the button's name alone: keys are in the help. */
export function Key({ cap }: { cap: string }) {
  return (
    <span className={styles.key} aria-hidden="true">
      {cap}
    </span>
  );
}

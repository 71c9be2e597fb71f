import { useTexts } from "@/texts";
import styles from "./Junction.module.css";

const VEHICLES = ["car", "truck", "bus", "motorcycle"] as const;
const OTHERS = ["bicycle", "person"] as const;

/** What the colours and shapes of the plan mean. */
export function Legend() {
  const t = useTexts();
  return (
    <ul className={styles.legend} aria-label={t("junction.legend.label")}>
      {VEHICLES.map((name) => (
        <li key={name}>
          <svg viewBox="0 0 22 12" width="1.6em" height="0.9em" aria-hidden="true">
            <rect x="1" y="2" width="20" height="8" fill={`var(--${name})`} />
            <path d="M20 6l-6-3v6z" fill="var(--sheet)" />
          </svg>
          {t(`words.class.${name}`)}
        </li>
      ))}
      {OTHERS.map((name) => (
        <li key={name}>
          <svg viewBox="0 0 12 12" width="0.8em" height="0.8em" aria-hidden="true">
            <circle cx="6" cy="6" r="5" fill={`var(--${name})`} />
          </svg>
          {t(`words.class.${name}`)}
        </li>
      ))}
    </ul>
  );
}

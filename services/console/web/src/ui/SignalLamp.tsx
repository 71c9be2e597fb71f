import type { SignalState } from "@/api/shapes";
import { useTexts } from "@/texts";
import styles from "./SignalLamp.module.css";

/** Three lamps; which place is lit tells the state without colour, and the word stands beside it. */
export function SignalLamp({
  state,
  label,
  words = true,
}: {
  state: SignalState;
  label?: string;
  words?: boolean;
}) {
  const t = useTexts();
  const word = t(`words.signal.${state}`);
  return (
    <span className={styles.lamp}>
      <svg viewBox="0 0 12 32" width="0.75em" height="2em" aria-hidden="true">
        <rect x="0.5" y="0.5" width="11" height="31" rx="3" className={styles.box} />
        {(["red", "yellow", "green"] as const).map((colour, place) => (
          <circle
            key={colour}
            cx="6"
            cy={6 + place * 10}
            r="4"
            className={state === colour ? styles[colour] : styles.dark}
          />
        ))}
      </svg>
      {label ? <strong>{label}</strong> : null}
      {words ? <span>{word}</span> : <span className="visually-hidden">{word}</span>}
    </span>
  );
}

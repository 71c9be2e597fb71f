import { useFormat, useTexts } from "@/texts";
import { gauge } from "./gauge";
import styles from "./Quantity.module.css";

/** A measured number with its 95 % interval as a bar, and the limit it is compared with. */
export function Quantity({
  name,
  value,
  low,
  high,
  unit,
  limit,
  digits = 2,
}: {
  /** Name in files (`speed_at_line`) or a text. */
  name: string;
  value: number;
  low?: number | null;
  high?: number | null;
  unit: string;
  limit?: number | null;
  digits?: number;
}) {
  const t = useTexts();
  const format = useFormat();
  const title = quantityTitle(t.maybe(`words.quantity.${name}`), name);
  const shown = speedInKmh({ value, low: low ?? value, high: high ?? value, limit, unit }, digits);
  const number = (x: number) => format.number(x, shown.digits);
  const bar = gauge(shown.value, shown.low, shown.high, shown.limit);
  const words = {
    name: title,
    value: number(shown.value),
    unit: shown.unit,
    low: number(shown.low),
    high: number(shown.high),
  };
  return (
    <div className={styles.quantity}>
      <div className={styles.name}>{title}</div>
      <div className={styles.value}>
        <strong className="numbers">{words.value}</strong> {shown.unit}
      </div>
      <svg
        viewBox="0 0 200 30"
        className={styles.gauge}
        role="img"
        aria-label={t("ui.quantity.picture", words)}
      >
        <line x1="0" x2="200" y1="15" y2="15" className={styles.axis} />
        {bar.limit === undefined ? null : (
          <line x1={bar.limit} x2={bar.limit} y1="2" y2="28" className={styles.limit} />
        )}
        <path
          d={`M${bar.low} 15H${bar.high}M${bar.low} 9v12M${bar.high} 9v12`}
          className={styles.interval}
        />
        <circle cx={bar.value} cy="15" r="4.5" className={styles.point} />
      </svg>
      <div className={styles.note}>
        {t("ui.quantity.interval", words)}
        {shown.limit == null ? null : (
          <>
            {" · "}
            {t("ui.quantity.limit", { limit: number(shown.limit), unit: shown.unit })}
          </>
        )}
      </div>
    </div>
  );
}

/** The text where there is one, else the name in files, made readable. */
export function quantityTitle(text: string | undefined, name: string): string {
  if (text) return text;
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

interface Shown {
  value: number;
  low: number;
  high: number;
  limit?: number | null | undefined;
  unit: string;
}

/** People know speeds in km/h; everything else is shown as it was measured. */
export function speedInKmh(of: Shown, digits: number): Shown & { digits: number } {
  if (of.unit !== "m/s") return { ...of, digits };
  const kmh = (x: number) => x * 3.6;
  return {
    value: kmh(of.value),
    low: kmh(of.low),
    high: kmh(of.high),
    limit: of.limit == null ? of.limit : kmh(of.limit),
    unit: "km/h",
    digits: Math.max(0, digits - 1),
  };
}

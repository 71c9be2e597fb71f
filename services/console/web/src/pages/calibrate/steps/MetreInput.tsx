import { useState } from "react";
import shared from "../calibrate.module.css";

/** A number in a table: takes a point or a comma, tells only what is one. */
export function MetreInput({
  label,
  value,
  digits = 3,
  onChange,
  onSettle,
  autoFocus = false,
}: {
  label: string;
  value: number | null;
  digits?: number;
  onChange: (value: number) => void;
  onSettle?: () => void;
  autoFocus?: boolean;
}) {
  const [typed, setTyped] = useState<string | null>(null);
  const shown = value === null ? "" : String(Number(value.toFixed(digits)));
  return (
    <input
      className={shared.metres}
      aria-label={label}
      inputMode="decimal"
      // biome-ignore lint/a11y/noAutofocus: the field belongs to the point that was just clicked.
      autoFocus={autoFocus}
      value={typed ?? shown}
      onChange={(event) => {
        setTyped(event.target.value);
        const number = Number(event.target.value.trim().replace(",", "."));
        if (event.target.value.trim() !== "" && Number.isFinite(number)) onChange(number);
      }}
      onBlur={() => {
        setTyped(null);
        onSettle?.();
      }}
    />
  );
}

import { ToggleButton, ToggleButtonGroup } from "react-aria-components";
import { useTexts } from "@/texts";
import styles from "./Overview.module.css";

export const SHOWN = ["all", "violation", "void", "notice"] as const;
export type Shown = (typeof SHOWN)[number];

/** Which kind of events the list shows. */
export function KindFilter({
  value,
  onChange,
}: {
  value: Shown;
  onChange: (value: Shown) => void;
}) {
  const t = useTexts();
  return (
    <ToggleButtonGroup
      aria-label={t("overview.events.filter")}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[value]}
      onSelectionChange={(keys) => {
        const [key] = keys;
        if (key) onChange(key as Shown);
      }}
      className={styles.filter ?? ""}
    >
      {SHOWN.map((kind) => (
        <ToggleButton key={kind} id={kind} className={styles.filter_one ?? ""}>
          {t(`overview.events.${kind}`)}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}

import { useTexts } from "@/texts";
import { Checkbox } from "@/ui";
import shared from "../../calibrate.module.css";
import { CLASS_NAMES, type ClassName } from "../../model/site";
import styles from "./inspect.module.css";

/** Kinds of road users, each with a tick. */
export function ClassTicks({
  legend,
  note,
  chosen,
  onChange,
}: {
  legend: string;
  note?: string;
  chosen: readonly ClassName[];
  onChange: (classes: ClassName[]) => void;
}) {
  const t = useTexts();
  return (
    <fieldset className={styles.set}>
      <legend>{legend}</legend>
      <div className={styles.ticks}>
        {CLASS_NAMES.map((name) => (
          <Checkbox
            key={name}
            isSelected={chosen.includes(name)}
            onChange={(on) =>
              onChange(CLASS_NAMES.filter((one) => (one === name ? on : chosen.includes(one))))
            }
          >
            {t(`words.class.${name}`)}
          </Checkbox>
        ))}
      </div>
      {note ? <p className={shared.hint}>{note}</p> : null}
    </fieldset>
  );
}

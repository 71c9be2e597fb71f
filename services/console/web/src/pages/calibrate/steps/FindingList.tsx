import { useTexts } from "@/texts";
import { Button, Mark } from "@/ui";
import type { Finding } from "../api";
import shared from "../calibrate.module.css";
import { useEditing } from "../editing";
import { type Note, type Place, placeOf } from "../model/todo";
import styles from "./FindingList.module.css";

/** Errors and warnings of the check, each with a way to the thing it is about. */
export function FindingList({
  errors,
  warnings,
  notes,
}: {
  errors: readonly Finding[];
  warnings: readonly Finding[];
  notes: readonly Note[];
}) {
  const t = useTexts();
  const { draft, dispatch, goTo } = useEditing();
  const show = (place: Place) => {
    switch (place.what) {
      case "thing":
        goTo("draw");
        dispatch({
          do: "select",
          selection: { what: "thing", kind: place.kind, index: place.index, point: null },
        });
        break;
      case "points":
        goTo("ground");
        break;
      case "draw":
      case "lamps":
        goTo("draw");
        break;
      case "rule":
        goTo("rules");
        requestAnimationFrame(() =>
          document.getElementById(`rule-${place.rule}`)?.scrollIntoView({ block: "center" }),
        );
        break;
      case "rules":
      case "signals":
      case "head":
        goTo("rules");
    }
  };
  const item = (finding: Finding, tone: "bad" | "warn") => {
    const place = placeOf(draft.site, finding.key, draft.camera);
    return (
      <li key={`${finding.key}-${finding.message}`} className={styles.finding}>
        <Mark tone={tone} />
        <div>
          <p>
            {finding.line ? (
              <span className={styles.line}>
                {t("calibrate.check.line", { line: finding.line })}
              </span>
            ) : null}
            <code>{finding.key}</code>
          </p>
          <p>{finding.message}</p>
          {finding.hint ? <p className={shared.hint}>{finding.hint}</p> : null}
        </div>
        {place ? (
          <Button size="small" onPress={() => show(place)}>
            {t("calibrate.check.show")}
          </Button>
        ) : null}
      </li>
    );
  };
  if (errors.length + warnings.length + notes.length === 0) {
    return <p>{t("calibrate.check.nothing")}</p>;
  }
  return (
    <ul className={styles.findings}>
      {notes.map((note) => (
        <li key={`${note.text}-${JSON.stringify(note.values)}`} className={styles.finding}>
          <Mark tone={note.serious ? "bad" : "warn"} />
          <div>
            <p>{t.maybe(`calibrate.todo.${note.text}`, note.values)}</p>
          </div>
          <Button size="small" onPress={() => show(note.place)}>
            {t("calibrate.check.show")}
          </Button>
        </li>
      ))}
      {errors.map((finding) => item(finding, "bad"))}
      {warnings.map((finding) => item(finding, "warn"))}
    </ul>
  );
}

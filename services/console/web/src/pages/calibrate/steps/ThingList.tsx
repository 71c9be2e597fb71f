import { useTexts } from "@/texts";
import shared from "../calibrate.module.css";
import { useEditing } from "../editing";
import { GROUND_KINDS, thingsOf } from "../model/site";
import { todo } from "../model/todo";
import styles from "./ThingList.module.css";

/** Everything that is drawn, by kind: the way to a thing by keyboard. */
export function ThingList() {
  const t = useTexts();
  const { editor, draft, camera, solution, dispatch } = useEditing();
  const notes = todo(draft.site, solution.sound);
  const empty =
    GROUND_KINDS.every((kind) => thingsOf(draft.site, kind).length === 0) && !camera.lamp?.length;
  if (empty) {
    return (
      <ol className={styles.firsts}>
        <li>{t("calibrate.draw.first_area")}</li>
        <li>{t("calibrate.draw.first_lane")}</li>
        <li>{t("calibrate.draw.first_line")}</li>
      </ol>
    );
  }
  return (
    <div className={styles.things}>
      {GROUND_KINDS.map((kind) => {
        const things = thingsOf(draft.site, kind);
        if (things.length === 0) return null;
        return (
          <section key={kind}>
            <h3>{t(`calibrate.kind.${kind}`)}</h3>
            <ul>
              {things.map((thing, index) => {
                const chosen =
                  editor.selection?.what === "thing" &&
                  editor.selection.kind === kind &&
                  editor.selection.index === index;
                const note = notes.find(
                  (n) =>
                    n.place.what === "thing" && n.place.kind === kind && n.place.index === index,
                );
                return (
                  // biome-ignore lint/suspicious/noArrayIndexKey: an id may stand twice while it is typed.
                  <li key={index}>
                    <button
                      type="button"
                      className={styles.thing}
                      aria-pressed={chosen}
                      onClick={() =>
                        dispatch({
                          do: "select",
                          selection: { what: "thing", kind, index, point: null },
                        })
                      }
                    >
                      <span className={[styles.swatch, styles[`swatch_${kind}`]].join(" ")} />
                      {thing.id}
                      {note ? (
                        <span className={note.serious ? shared.fault : shared.warn}>
                          {t.maybe(`calibrate.todo.${note.text}`, note.values)}
                        </span>
                      ) : null}
                    </button>
                  </li>
                );
              })}
            </ul>
          </section>
        );
      })}
      {camera.lamp?.length ? (
        <section>
          <h3>{t("calibrate.kind.lamp")}</h3>
          <ul>
            {camera.lamp.map((lamp, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: heads have no names; one group may have several.
              <li key={index}>
                <button
                  type="button"
                  className={styles.thing}
                  aria-pressed={
                    editor.selection?.what === "lamp" && editor.selection.index === index
                  }
                  onClick={() =>
                    dispatch({ do: "select", selection: { what: "lamp", index, lamp: "red_px" } })
                  }
                >
                  <span className={[styles.swatch, styles.swatch_lamp].join(" ")} />
                  {lamp.group}
                </button>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
    </div>
  );
}

import { useFormat, useTexts } from "@/texts";
import { Button, Icon } from "@/ui";
import shared from "../calibrate.module.css";
import { useEditing } from "../editing";
import type { Residual } from "../geometry/advice";
import { changePoint } from "../model/draft";
import { MetreInput } from "./MetreInput";
import styles from "./PointTable.module.css";

/** The points with their residuals as bars. */
export function PointTable() {
  const t = useTexts();
  const format = useFormat();
  const { editor, draft, camera, solution, dispatch } = useEditing();
  const limit = camera.calibration.residual_m_max ?? 0.5;
  const whole = draft.points.filter((p) => p.image_px && p.ground_m);
  const residual = (key: string): Residual | null =>
    solution.residuals[whole.findIndex((p) => p.key === key)] ?? null;
  const top = Math.max(limit / 5, Math.min(solution.max_m ?? 0, limit * 4));
  if (draft.points.length === 0)
    return <p className={shared.hint}>{t("calibrate.ground.first")}</p>;
  return (
    <>
      <table className={styles.points}>
        <thead>
          <tr>
            <th scope="col">{t("calibrate.ground.number")}</th>
            <th scope="col">{t("calibrate.ground.east")}</th>
            <th scope="col">{t("calibrate.ground.north")}</th>
            <th scope="col">{t("calibrate.ground.error")}</th>
            <th scope="col">
              <span className="visually-hidden">{t("calibrate.ground.remove")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {draft.points.map((pair, index) => {
            const n = index + 1;
            const off = residual(pair.key);
            const chosen = editor.selection?.what === "pair" && editor.selection.key === pair.key;
            const set = (axis: 0 | 1, value: number) =>
              dispatch({
                do: "draft",
                mark: `type-${pair.key}-${axis}`,
                change: (d) =>
                  changePoint(d, pair.key, {
                    ground_m:
                      axis === 0
                        ? [value, pair.ground_m?.[1] ?? 0]
                        : [pair.ground_m?.[0] ?? 0, value],
                  }),
              });
            return (
              <tr key={pair.key} className={chosen ? styles.chosen : undefined}>
                <th scope="row">
                  <button
                    type="button"
                    className={styles.dot}
                    aria-label={t("calibrate.ground.select", { n })}
                    onClick={() => {
                      dispatch({ do: "select", selection: { what: "pair", key: pair.key } });
                    }}
                  >
                    {n}
                  </button>
                </th>
                <td>
                  <MetreInput
                    label={t("calibrate.ground.east_of", { n })}
                    value={pair.ground_m?.[0] ?? null}
                    onChange={(value) => set(0, value)}
                    onSettle={() => dispatch({ do: "settle" })}
                  />
                </td>
                <td>
                  <MetreInput
                    label={t("calibrate.ground.north_of", { n })}
                    value={pair.ground_m?.[1] ?? null}
                    onChange={(value) => set(1, value)}
                    onSettle={() => dispatch({ do: "settle" })}
                  />
                </td>
                <td>
                  {off ? (
                    <span className={styles.error}>
                      <span
                        className={[styles.error_bar, off.error_m > limit ? styles.over : ""].join(
                          " ",
                        )}
                        style={{
                          width: `${Math.min(100, (Math.min(off.error_m, top) / top) * 100)}%`,
                        }}
                      />
                      <span className="numbers">
                        {Number.isFinite(off.error_m)
                          ? t("calibrate.ground.cm", {
                              cm: format.number(off.error_m * 100, off.error_m < 1 ? 1 : 0),
                            })
                          : t("calibrate.ground.above_horizon")}
                      </span>
                    </span>
                  ) : (
                    <span className="soft">
                      {pair.image_px
                        ? pair.ground_m
                          ? "–"
                          : t("calibrate.ground.wants_place")
                        : t("calibrate.ground.wants_picture")}
                    </span>
                  )}
                </td>
                <td>
                  <Button
                    size="small"
                    kind="quiet"
                    aria-label={t("calibrate.ground.remove_of", { n })}
                    onPress={() =>
                      dispatch({
                        do: "draft",
                        change: (d) => ({
                          ...d,
                          points: d.points.filter((p) => p.key !== pair.key),
                        }),
                      })
                    }
                  >
                    <Icon name="trash" size="1rem" />
                  </Button>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <p className={shared.hint}>{t("calibrate.ground.axes")}</p>
    </>
  );
}

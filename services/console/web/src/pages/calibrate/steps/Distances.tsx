import { useState } from "react";
import { useFormat, useTexts } from "@/texts";
import { Button, Icon } from "@/ui";
import shared from "../calibrate.module.css";
import { useEditing } from "../editing";
import { type DistanceFit, fromDistances } from "../geometry/from_distances";
import { freshKey } from "../model/draft";
import { roundM } from "../model/edit";
import styles from "./Distances.module.css";
import { MetreInput } from "./MetreInput";

/** A first map without a plan: distances that somebody knows or has paced out. */
export function Distances({ onDone }: { onDone: () => void }) {
  const t = useTexts();
  const format = useFormat();
  const { draft, camera, dispatch } = useEditing();
  const [result, setResult] = useState<DistanceFit>();
  const known = draft.distances.flatMap((d) =>
    d.length_m ? [{ from_px: d.from_px, to_px: d.to_px, length_m: d.length_m }] : [],
  );
  const derive = () => {
    const found = fromDistances(known, camera.width_px, camera.height_px);
    setResult(found);
    if (!found.ok) return;
    dispatch({
      do: "draft",
      change: (d) => ({
        ...d,
        points: found.points.map((p) => ({
          key: freshKey(),
          image_px: p.image_px,
          ground_m: roundM(p.ground_m),
        })),
      }),
    });
    onDone();
    dispatch({ do: "tool", tool: "select" });
  };
  return (
    <div className={shared.stack}>
      <p className={shared.hint}>{t("calibrate.distances.what")}</p>
      {draft.distances.length ? (
        <ul className={styles.distances}>
          {draft.distances.map((d, index) => {
            const name = String.fromCharCode(65 + (index % 26));
            return (
              <li key={d.key}>
                <strong>{name}</strong>
                <MetreInput
                  label={t("calibrate.distances.length_of", { name })}
                  value={d.length_m}
                  onChange={(value) =>
                    dispatch({
                      do: "draft",
                      mark: `length-${d.key}`,
                      change: (all) => ({
                        ...all,
                        distances: all.distances.map((one) =>
                          one.key === d.key ? { ...one, length_m: value > 0 ? value : null } : one,
                        ),
                      }),
                    })
                  }
                  onSettle={() => dispatch({ do: "settle" })}
                />
                <span>{t("calibrate.unit.m")}</span>
                <Button
                  size="small"
                  kind="quiet"
                  aria-label={t("calibrate.distances.remove", { name })}
                  onPress={() =>
                    dispatch({
                      do: "draft",
                      change: (all) => ({
                        ...all,
                        distances: all.distances.filter((one) => one.key !== d.key),
                      }),
                    })
                  }
                >
                  <Icon name="trash" size="1rem" />
                </Button>
              </li>
            );
          })}
        </ul>
      ) : (
        <p className={shared.hint}>{t("calibrate.distances.none")}</p>
      )}
      {result && !result.ok ? (
        <p className={shared.fault} role="alert">
          {t(`calibrate.distances.fault_${result.why}`)}
        </p>
      ) : null}
      {result?.ok ? (
        <p role="status">
          {t("calibrate.distances.done", {
            height: format.number(result.camera.height_m, 1),
            tilt: format.number((result.camera.tilt_rad * 180) / Math.PI),
          })}
        </p>
      ) : null}
      <div>
        <Button kind="primary" isDisabled={known.length < 2} onPress={derive}>
          {t("calibrate.distances.derive")}
        </Button>
      </div>
      <p className={shared.hint}>{t("calibrate.distances.replace")}</p>
    </div>
  );
}

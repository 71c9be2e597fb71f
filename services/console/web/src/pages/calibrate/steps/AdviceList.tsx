import { type Translate, useFormat, useTexts } from "@/texts";
import type { Format } from "@/texts/format";
import { Mark, type Tone } from "@/ui";
import { useEditing } from "../editing";
import { type Advice, isSerious } from "../geometry/advice";
import styles from "./AdviceList.module.css";

function words(
  advice: Advice,
  t: Translate,
  format: Format,
  number: (index: number) => number,
): string {
  const cm = (m: number): string =>
    Number.isFinite(m) ? format.number(m * 100, m < 0.1 ? 1 : 0) : t("calibrate.advice.endless");
  switch (advice.kind) {
    case "too_few":
      return t("calibrate.advice.too_few", { missing: advice.missing });
    case "same_spot":
      return t("calibrate.advice.same_spot", {
        a: number(advice.points[0]),
        b: number(advice.points[1]),
      });
    case "on_one_line":
      return t(`calibrate.advice.on_one_line_${advice.where}`);
    case "outside":
      return t("calibrate.advice.outside", { n: number(advice.point) });
    case "point_off":
      return t("calibrate.advice.point_off", {
        n: number(advice.point),
        before: cm(advice.residual_m),
        after: cm(advice.without_m),
      });
    case "over_limit":
    case "near_limit":
      return t(`calibrate.advice.${advice.kind}`, {
        residual: cm(advice.residual_m),
        limit: cm(advice.limit_m),
      });
    case "little_spread":
      return t("calibrate.advice.little_spread", { share: format.percent(advice.share) });
    case "focal_assumed":
      return t("calibrate.advice.focal_assumed", { focal: format.number(advice.focal_px) });
    case "good":
      return t("calibrate.advice.good", { residual: cm(advice.residual_m) });
    case "behind_camera":
    case "mirrored":
    case "no_check":
      return t(`calibrate.advice.${advice.kind}`);
  }
}

/** What the points say about themselves. */
export function AdviceList() {
  const t = useTexts();
  const format = useFormat();
  const { draft, solution } = useEditing();
  // Advice counts whole pairs; the table counts all points.
  const whole = draft.points.flatMap((p, i) => (p.image_px && p.ground_m ? [i + 1] : []));
  const number = (index: number): number => whole[index] ?? index + 1;
  return (
    <ul className={styles.advice} aria-live="polite">
      {solution.advice.map((advice) => {
        const tone: Tone =
          advice.kind === "good"
            ? "good"
            : isSerious(advice)
              ? advice.kind === "too_few"
                ? "info"
                : "bad"
              : "warn";
        return (
          <li key={JSON.stringify(advice)} className={styles[`tone_${tone}`]}>
            <Mark tone={tone} />
            <span>{words(advice, t, format, number)}</span>
          </li>
        );
      })}
      {solution.pose ? (
        <li>
          <Mark tone="neutral" />
          <span>
            {t("calibrate.advice.pose", {
              height: format.number(solution.pose.position_m[2], 1),
              x: format.number(solution.pose.position_m[0], 1),
              y: format.number(solution.pose.position_m[1], 1),
            })}
          </span>
        </li>
      ) : null}
    </ul>
  );
}

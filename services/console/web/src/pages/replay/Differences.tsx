import { useTexts } from "@/texts";
import { KeyFigure, KeyFigures } from "@/ui";
import type { WhatifResult } from "../calibrate/api";
import { Events } from "./Events";
import styles from "./replay.module.css";

/** What would be judged differently: what appears, what disappears, how much stays. */
export function Differences({ result, job }: { result: WhatifResult; job?: string | undefined }) {
  const t = useTexts();
  const same = result.appear.length + result.disappear.length === 0;
  return (
    <div className={styles.differences}>
      <KeyFigures>
        <KeyFigure label={t("replay.diff.appear")} value={result.appear.length} />
        <KeyFigure label={t("replay.diff.disappear")} value={result.disappear.length} />
        <KeyFigure label={t("replay.diff.stay")} value={result.stay} />
      </KeyFigures>
      {same ? <p role="status">{t("replay.diff.same")}</p> : null}
      <Warnings warnings={result.warnings} />
      {same ? null : (
        <div className={styles.pair}>
          <section>
            <h3>{t("replay.diff.appear_title")}</h3>
            <Events events={result.appear} job={job} label={t("replay.diff.appear_title")} />
          </section>
          <section>
            <h3>{t("replay.diff.disappear_title")}</h3>
            <Events events={result.disappear} job={job} label={t("replay.diff.disappear_title")} />
          </section>
        </div>
      )}
    </div>
  );
}

export function Warnings({ warnings }: { warnings?: readonly string[] | undefined }) {
  if (!warnings?.length) return null;
  return (
    <ul className={styles.warnings}>
      {warnings.map((warning) => (
        <li key={warning}>{warning}</li>
      ))}
    </ul>
  );
}

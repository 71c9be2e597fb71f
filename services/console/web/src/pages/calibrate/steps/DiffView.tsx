import { Fragment } from "react";
import { useTexts } from "@/texts";
import { type DiffLine, diff, hunks } from "../model/diff";
import styles from "./DiffView.module.css";

/** Lines that go and come; without a text before, the whole text with its line numbers. */
export function DiffView({
  before,
  after,
  marks,
}: {
  before: string | null;
  after: string;
  /** Lines of the new text that the check complains of. */
  marks: ReadonlySet<number>;
}) {
  const t = useTexts();
  const all = diff(before ?? after, after);
  const changed = all.some((line) => line.kind !== "same");
  const shown: (DiffLine | null)[] =
    before === null || marks.size > 0 || !changed ? all : hunks(all);
  const sign = { same: " ", gone: "−", new: "+" } as const;
  return (
    <section className={styles.diff} tabIndex={0} aria-label={t("calibrate.diff.title")}>
      <pre>
        {shown.map((line, index) =>
          line === null ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: gaps have no names but their places.
            <span key={`gap-${index}`} className={styles.gap}>
              {t("calibrate.diff.gap")}
              {"\n"}
            </span>
          ) : (
            <Fragment key={`${line.old ?? "-"}:${line.now ?? "-"}`}>
              <span
                className={[
                  styles[`diff_${line.kind}`],
                  line.now !== null && marks.has(line.now) ? styles.marked : "",
                ].join(" ")}
              >
                <span className={styles.gutter}>{line.now ?? line.old}</span>
                {`${sign[line.kind]} ${line.text}\n`}
              </span>
            </Fragment>
          ),
        )}
      </pre>
    </section>
  );
}

import { useFormat, useTexts } from "@/texts";
import { KeyFigure, KeyFigures, type Tone } from "@/ui";
import type { Totals } from "./data";
import styles from "./Overview.module.css";

/** What one wants to know from across the room. */
export function Figures({ totals, down }: { totals: Totals | undefined; down: number }) {
  const t = useTexts();
  const { number } = useFormat();
  const of = (some: number, all: number) => (
    <>
      {number(some)}{" "}
      <span className={styles.of}>{t("overview.figures.of", { all: number(all) })}</span>
    </>
  );
  const none = "–";
  return (
    <KeyFigures>
      <KeyFigure
        label={t("overview.figures.sites")}
        value={totals ? of(totals.sitesOk, totals.sites) : none}
        tone={tone(totals?.sitesOk, totals?.sites)}
      />
      <KeyFigure
        label={t("overview.figures.cameras")}
        value={totals ? of(totals.camerasLive, totals.cameras) : none}
        note={down > 0 ? t("overview.figures.down", { count: down }) : undefined}
        tone={tone(totals?.camerasLive, totals?.cameras)}
      />
      <KeyFigure
        label={t("overview.figures.violations")}
        value={totals ? number(totals.violations) : none}
        tone="info"
      />
      <KeyFigure
        label={t("overview.figures.voids")}
        value={totals ? number(totals.voids) : none}
        tone="neutral"
      />
      {totals && totals.waiting === undefined ? null : (
        <KeyFigure
          label={t("overview.figures.waiting")}
          value={totals ? number(totals.waiting ?? 0) : none}
          tone="info"
        />
      )}
    </KeyFigures>
  );
}

/** All of them, some of them, or nothing to speak of. */
function tone(some = 0, all = 0): Tone {
  if (all === 0) return "neutral";
  return some === all ? "good" : "warn";
}

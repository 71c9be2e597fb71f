/** What was measured, with its 95 % interval against the limit, and where to read how it arises. */
import { SERVICE_LANGUAGE, useFormat, useTexts } from "@/texts";
import { Button, Quantity } from "@/ui";
import type { Derivations } from "../logic/derivations";
import { keyCap } from "../logic/keys";
import type { Manifest } from "../logic/package";
import type { Claim } from "../logic/session";
import { Key } from "./Key";
import styles from "./Quantities.module.css";

export function Quantities({
  violation,
  derivations,
  manifest,
  explain,
}: {
  violation: Claim["violation"];
  derivations: Derivations | null;
  manifest: Manifest | null;
  explain: () => void;
}) {
  const t = useTexts();
  const format = useFormat();
  const residual = Math.max(0, ...(manifest?.calibration ?? []).map((one) => one.residual));
  return (
    <section
      className={
        violation.quantities.length < 3 ? styles.quantities : `${styles.quantities} ${styles.many}`
      }
      aria-label={t("review.quantities.title")}
    >
      {violation.quantities.map((quantity) => {
        const arises = derivations?.quantities.find((one) => one.name === quantity.name);
        const limit = arises?.limit;
        return (
          <div key={quantity.name}>
            <Quantity
              name={quantity.name}
              value={quantity.value}
              low={quantity.low ?? null}
              high={quantity.high ?? null}
              unit={quantity.unit}
              limit={limit && limit.unit === quantity.unit ? limit.value : null}
            />
            <p className={styles.words} lang={SERVICE_LANGUAGE}>
              {arises?.words.join(" ")}
            </p>
          </div>
        );
      })}
      {violation.quantities.length === 0 ? (
        <p className="soft">{t("review.quantities.none")}</p>
      ) : null}
      <div className={styles.how}>
        <Button size="small" onPress={explain}>
          {t("review.quantities.how")} <Key cap={keyCap("derivation")} />
        </Button>
        {residual > 0 ? (
          <span className="soft">
            {t("review.quantities.residual", { cm: format.number(residual * 100, 1) })}
          </span>
        ) : null}
      </div>
    </section>
  );
}

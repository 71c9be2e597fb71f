/** How each quantity arises, in the package's own words. They are shown as text, whatever they contain. */
import { SERVICE_LANGUAGE, useTexts } from "@/texts";
import { Dialog } from "@/ui";
import { quantityTitle } from "@/ui/Quantity";
import type { Derivations } from "../logic/derivations";
import type { Manifest } from "../logic/package";
import shared from "../review.module.css";
import styles from "./DerivationDialog.module.css";

export function DerivationDialog({
  isOpen,
  derivations,
  manifest,
  findings,
  onClose,
}: {
  isOpen: boolean;
  derivations: Derivations | null;
  manifest: Manifest | null;
  findings: string[];
  onClose: () => void;
}) {
  const t = useTexts();
  return (
    <Dialog title={t("review.derivation.title")} isOpen={isOpen} onClose={onClose} wide>
      <div className={styles.derivation}>
        {derivations ? (
          <>
            <p lang={SERVICE_LANGUAGE}>{derivations.sentence}</p>
            {derivations.quantities.map((one) => (
              <section key={one.name}>
                <h3>
                  {quantityTitle(t.maybe(`words.quantity.${one.name}`), one.name)}: {one.figure}
                </h3>
                {one.words.map((words) => (
                  <p key={words} lang={SERVICE_LANGUAGE}>
                    {words}
                  </p>
                ))}
                {one.formula ? (
                  <p>
                    {t("review.derivation.formula")} <code>{one.formula}</code>
                  </p>
                ) : null}
              </section>
            ))}
            {derivations.closing.map((words) => (
              <p key={words} className="soft" lang={SERVICE_LANGUAGE}>
                {words}
              </p>
            ))}
          </>
        ) : (
          <p>{t("review.derivation.none")}</p>
        )}
        {manifest?.clock ? <p lang={SERVICE_LANGUAGE}>{manifest.clock}</p> : null}
        {findings.length > 0 ? (
          <section>
            <h3>{t("review.derivation.findings")}</h3>
            <ul className={shared.findings}>
              {findings.map((finding) => (
                <li key={finding} lang={SERVICE_LANGUAGE}>
                  {finding}
                </li>
              ))}
            </ul>
          </section>
        ) : null}
      </div>
    </Dialog>
  );
}

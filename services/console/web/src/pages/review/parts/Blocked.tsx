/** A case that cannot be decided as it lies there, and why. */
import { SERVICE_LANGUAGE, type TextKey, useTexts } from "@/texts";
import { Button, EmptyState } from "@/ui";
import type { ReviewDesk } from "../logic/desk";
import type { CaseFiles } from "../logic/files";
import { keyCap } from "../logic/keys";
import type { Held } from "../logic/session";
import shared from "../review.module.css";
import styles from "./Blocked.module.css";
import { Key } from "./Key";

export function Blocked({ files, reload }: { files: CaseFiles; reload: () => void }) {
  const t = useTexts();
  const evidence = files.detail.state === "ready" ? files.detail.value.evidence : null;
  return (
    <div className={styles.blocked} role="alert">
      <EmptyState
        icon="warning"
        title={t(evidence ? "review.blocked.title" : "review.blocked.gone")}
        actions={<Button onPress={reload}>{t("review.blocked.reload")}</Button>}
      >
        <p>{t(evidence ? "review.blocked.text" : "review.blocked.gone_text")}</p>
        <ul className={shared.findings}>
          {(evidence?.findings ?? []).map((finding) => (
            <li key={finding} lang={SERVICE_LANGUAGE}>
              {finding}
            </li>
          ))}
        </ul>
      </EmptyState>
    </div>
  );
}

export function LostNote({ desk, held }: { desk: ReviewDesk; held: Held }) {
  const t = useTexts();
  return (
    <div className={styles.lost} role="alert">
      <strong>{t(`review.lost.${held.lost ?? "ran_out"}` as TextKey)}</strong>
      <span>{t("review.lost.text")}</span>
      <Button kind="primary" onPress={() => desk.put({ is: "take" })}>
        {t("review.lost.next")} <Key cap={keyCap("take")} />
      </Button>
    </div>
  );
}

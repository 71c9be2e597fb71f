import type { Role, Session } from "@/api/shapes";
import { allowed } from "@/app/Guard";
import { Sheet } from "@/pages/signin/Sheet";
import styles from "@/pages/signin/signin.module.css";
import { type TextKey, useTexts } from "@/texts";
import { ButtonLink } from "@/ui";

interface Next {
  text: TextKey;
  label: TextKey;
  href: string;
  roles?: readonly Role[];
}

/** What there is to do first, in sentences; only what the account may. */
const NEXT: readonly Next[] = [
  { text: "setup.next.look", label: "setup.next.look_link", href: "#/" },
  {
    text: "setup.next.review",
    label: "setup.next.review_link",
    href: "#/review",
    roles: ["reviewer", "senior"],
  },
  {
    text: "setup.next.camera",
    label: "setup.next.camera_link",
    href: "#/calibrate",
    roles: ["engineer"],
  },
  { text: "setup.next.trust", label: "setup.next.trust_link", href: "#/trust", roles: ["auditor"] },
];

export function FirstMinutes({ session, first }: { session: Session; first: boolean }) {
  const t = useTexts();
  const shown = NEXT.filter((next) => allowed(session, undefined, next.roles)).slice(0, 3);
  return (
    <Sheet
      wide
      title={t("setup.next.title", { name: session.name || session.account })}
      lead={t("setup.next.lead")}
    >
      <ol className={styles.steps}>
        {shown.map((next) => (
          <li key={next.text}>
            <p>{t(next.text)}</p>
            <ButtonLink href={next.href}>{t(next.label)}</ButtonLink>
          </li>
        ))}
      </ol>
      <div className={styles.foot}>
        <ButtonLink kind="primary" href="#/">
          {t("setup.next.open")}
        </ButtonLink>
        {first ? <ButtonLink href="#/accounts">{t("setup.next.invite")}</ButtonLink> : null}
        <ButtonLink href="#/account">{t("setup.next.passkey")}</ButtonLink>
      </div>
      <p className={styles.small}>{t("setup.next.help")}</p>
    </Sheet>
  );
}

import type { SignShape } from "@/api/shapes";
import { useTexts } from "@/texts";
import { Badge, ButtonLink, Icon, Panel, Time, type Tone } from "@/ui";
import { lampPath } from "./lamps";
import { Pictogram } from "./Pictogram";
import styles from "./Signs.module.css";

const TONES: Record<SignShape["state"], Tone> = {
  showing: "good",
  blank: "neutral",
  no_source: "bad",
};

/** One sign: its face, and why it shows that. */
export function SignCard({ sign, place, zone }: { sign: SignShape; place: string; zone: string }) {
  const t = useTexts();
  return (
    <Panel
      title={sign.name}
      note={place}
      actions={<Badge tone={TONES[sign.state]}>{t(`signs.state.${sign.state}`)}</Badge>}
    >
      <Face sign={sign} />
      {sign.fault ? (
        <p className={styles.fault} role="status">
          <Icon name="warning" />
          {sign.fault}
        </p>
      ) : null}
      <dl className={styles.facts}>
        <div>
          <dt>{t("signs.fact.kind")}</dt>
          <dd>{t.maybe(`signs.kind.${sign.kind}`) ?? sign.kind.replaceAll("_", " ")}</dd>
        </div>
        {sign.priority == null ? null : (
          <div>
            <dt>{t("signs.fact.priority")}</dt>
            <dd className="numbers">{sign.priority}</dd>
          </div>
        )}
        {sign.expires ? (
          <div>
            <dt>{t("signs.fact.expires")}</dt>
            <dd>
              <Time at={sign.expires} zone={zone} />
            </dd>
          </div>
        ) : null}
        {sign.multi ? (
          <div>
            <dt title={t("signs.fact.multi_long")}>{t("signs.fact.multi")}</dt>
            <dd>
              <code>{sign.multi}</code>
            </dd>
          </div>
        ) : null}
      </dl>
      {sign.page_url ? (
        <ButtonLink href={sign.page_url} external>
          <Icon name="external" size="1.1rem" />
          {t("signs.open")}
          <span className="visually-hidden">: {sign.name}</span>
        </ButtonLink>
      ) : null}
    </Panel>
  );
}

/** What stands on the sign: its lamps where it has some, else text and pictogram, else why it is dark. */
function Face({ sign }: { sign: SignShape }) {
  const t = useTexts();
  const [page] = sign.pages;
  if (sign.state !== "showing") {
    const why = sign.why ? t.maybe(`signs.dark.${sign.why}`) : undefined;
    return (
      <div className={styles.face}>
        <p className={styles.dark}>{why ?? t(`signs.dark.${sign.state}`)}</p>
      </div>
    );
  }
  if (page && page.rows.length > 0) {
    const { width, height, path } = lampPath(page.rows);
    return (
      <div className={styles.face}>
        <svg
          viewBox={`0 0 ${width} ${height}`}
          className={styles.lamps}
          role="img"
          aria-label={sign.text.join(" ")}
        >
          <path d={path} fill="currentColor" />
        </svg>
      </div>
    );
  }
  return (
    <div className={styles.face}>
      {sign.pictogram ? <Pictogram name={sign.pictogram} /> : null}
      <p>
        {sign.text.map((line) => (
          <span key={line}>{line}</span>
        ))}
      </p>
    </div>
  );
}

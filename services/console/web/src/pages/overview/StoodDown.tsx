import type { CameraStoodDown, RuleStoodDown } from "@/api/shapes";
import { SERVICE_LANGUAGE, useTexts } from "@/texts";
import { Mark, Since } from "@/ui";
import { quantityTitle } from "@/ui/Quantity";
import styles from "./Overview.module.css";

interface Props<Item> {
  items: readonly Item[];
  now: string;
  site: (id: string) => { name: string } | undefined;
}

/** Cameras that are not believed for now, and why. */
export function CamerasDown({ items, now, site }: Props<CameraStoodDown>) {
  const t = useTexts();
  if (items.length === 0) return <Nothing text={t("overview.cameras_down.none")} />;
  return (
    <ul className={styles.down}>
      {items.map((item) => (
        <li key={`${item.site}/${item.camera}/${item.condition}`}>
          <Mark tone="warn" size="1rem" />
          <div>
            <a href={`#/junction/${encodeURIComponent(item.site)}`}>
              {site(item.site)?.name ?? item.site}, {item.camera}
            </a>{" "}
            <span className="soft">
              {t("overview.down.since")} <Since at={item.since} now={now} />
            </span>
            <p>
              <strong>{t.maybe(`words.condition.${item.condition}`) ?? item.condition}</strong>
            </p>
            <p className="soft" lang={SERVICE_LANGUAGE}>
              {item.detail}
            </p>
          </div>
        </li>
      ))}
    </ul>
  );
}

/** Rules that people found wrong too often. */
export function RulesDown({ items, now, site }: Props<RuleStoodDown>) {
  const t = useTexts();
  if (items.length === 0) return <Nothing text={t("overview.rules_down.none")} />;
  return (
    <ul className={styles.down}>
      {items.map((item) => (
        <li key={`${item.site}/${item.camera}/${item.rule}`}>
          <Mark tone="warn" size="1rem" />
          <div>
            <strong>
              {t.maybe(`words.rule.${item.rule}`) ?? quantityTitle(undefined, item.rule)}
            </strong>{" "}
            <span className="soft">
              {t("overview.down.since")} <Since at={item.since} now={now} />
            </span>
            <p>
              <a href={`#/junction/${encodeURIComponent(item.site)}`}>
                {site(item.site)?.name ?? item.site}, {item.camera}
              </a>
              {" · "}
              {t("overview.rules_down.errors", { errors: item.errors, decided: item.decided })}
            </p>
            <p className="soft">{item.why}</p>
          </div>
        </li>
      ))}
    </ul>
  );
}

function Nothing({ text }: { text: string }) {
  return (
    <p className={styles.nothing}>
      <Mark tone="good" size="0.9rem" /> {text}
    </p>
  );
}

import { type ReactNode, useState } from "react";
import { useTexts } from "@/texts";
import { Button, Icon } from "@/ui";
import styles from "./Panes.module.css";

/** Two views of the same road: one large, one small, and what is known about them beside. */
export function Panes({
  picture,
  plan,
  bar,
  below,
  side,
}: {
  picture: ReactNode;
  plan: ReactNode;
  bar: ReactNode;
  below?: ReactNode;
  side: ReactNode;
}) {
  const t = useTexts();
  const [swapped, setSwapped] = useState(false);
  return (
    <div className={styles.panes}>
      <div className={styles.main}>
        <div className={styles.bar}>{bar}</div>
        <div className={styles.large}>{swapped ? plan : picture}</div>
        {below}
      </div>
      <div className={styles.aside}>
        <div className={styles.small_pane}>
          {swapped ? picture : plan}
          <div className={styles.swap}>
            <Button size="small" onPress={() => setSwapped(!swapped)}>
              <Icon name="external" size="1rem" />
              {t("calibrate.work.enlarge")}
            </Button>
          </div>
        </div>
        {side}
      </div>
    </div>
  );
}

import { Link } from "wouter";
import { useTexts } from "@/texts";
import { AccountMenu } from "./AccountMenu";
import styles from "./Bar.module.css";
import { Clock } from "./Clock";
import { Connection } from "./Connection";

/** The line at the top: name, the server's event time, the connection, the account. */
export function Bar({ bare }: { bare: boolean }) {
  const t = useTexts();
  return (
    <header className={styles.bar}>
      <Link href="/" className={styles.name}>
        {t("app.name")}
      </Link>
      {bare ? null : (
        <div className={styles.state}>
          <Connection />
          <Clock />
        </div>
      )}
      <div className={styles.end}>
        <AccountMenu />
      </div>
    </header>
  );
}

import { type ReactNode, useEffect } from "react";
import styles from "./PageHead.module.css";

/** The page's one `h1`, what stands beside it, and the title of the window. */
export function PageHead({
  title,
  note,
  actions,
}: {
  title: string;
  note?: ReactNode;
  actions?: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} · Wayside`;
  }, [title]);
  return (
    <header className={styles.head}>
      <h1>{title}</h1>
      {note ? <div className={styles.note}>{note}</div> : null}
      {actions ? <div className={styles.actions}>{actions}</div> : null}
    </header>
  );
}

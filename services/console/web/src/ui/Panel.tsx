import { type ReactNode, useId } from "react";
import styles from "./Panel.module.css";

/** A titled sheet. `flush` lets a table or a picture reach its edges. */
export function Panel({
  title,
  actions,
  note,
  flush = false,
  level = 2,
  className,
  children,
}: {
  title?: ReactNode;
  actions?: ReactNode;
  note?: ReactNode;
  flush?: boolean;
  level?: 2 | 3;
  className?: string | undefined;
  children: ReactNode;
}) {
  const id = useId();
  const Heading = level === 2 ? "h2" : "h3";
  return (
    <section
      className={[styles.panel, flush ? styles.flush : "", className].filter(Boolean).join(" ")}
      {...(title ? { "aria-labelledby": id } : {})}
    >
      {title || actions ? (
        <header className={styles.head}>
          {title ? (
            <Heading id={id} className={styles.title}>
              {title}
            </Heading>
          ) : null}
          {note ? <span className={styles.note}>{note}</span> : null}
          {actions ? <div className={styles.actions}>{actions}</div> : null}
        </header>
      ) : null}
      <div className={styles.body}>{children}</div>
    </section>
  );
}

import type { ReactNode } from "react";
import { Icon, type IconName } from "./Icon";
import styles from "./states.module.css";

/** Nothing is there, why that is so, and what one may do. */
export function EmptyState({
  icon = "info",
  title,
  children,
  actions,
  page = false,
}: {
  icon?: IconName;
  title: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
  /** Whether this is all that the page has: then the title is its heading. */
  page?: boolean;
}) {
  const Title = page ? "h1" : "p";
  return (
    <div className={styles.state}>
      <Icon name={icon} size="2rem" />
      <Title className={styles.title}>{title}</Title>
      {children ? <div className={styles.text}>{children}</div> : null}
      {actions ? <div className={styles.actions}>{actions}</div> : null}
    </div>
  );
}

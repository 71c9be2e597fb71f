import type { ReactNode } from "react";
import { PageHead } from "@/ui";
import styles from "./signin.module.css";

/** One sheet in the middle: the pages that are open without a session. */
export function Sheet({
  title,
  lead,
  wide = false,
  children,
}: {
  title: string;
  lead?: ReactNode;
  wide?: boolean;
  children: ReactNode;
}) {
  return (
    <div className={[styles.sheet, wide ? styles.wide : ""].join(" ")}>
      <PageHead title={title} />
      {lead ? <p className={styles.lead}>{lead}</p> : null}
      {children}
    </div>
  );
}

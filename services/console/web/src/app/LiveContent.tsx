import type { ReactNode } from "react";
import { useLiveState } from "@/api/hooks";
import styles from "./LiveContent.module.css";

/** What follows the live stream: while that is away, it loses its colours, so that it does not look live. */
export function LiveContent({ children }: { children: ReactNode }) {
  const { phase } = useLiveState();
  const away = phase === "reconnecting" || phase === "no_session";
  return <div className={away ? styles.away : undefined}>{children}</div>;
}

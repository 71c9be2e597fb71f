import type { ReactNode } from "react";
import { useLocation } from "wouter";
import { useSignOut } from "@/api/session";
import { useTexts } from "@/texts";
import { Button, Panel } from "@/ui";
import styles from "./accounts.module.css";

/** Until when the account is signed in here, and the way out. A change of the password ends the others. */
export function OwnSessions({ expires }: { expires: ReactNode }) {
  const t = useTexts();
  const signOut = useSignOut();
  const [, navigate] = useLocation();
  return (
    <Panel title={t("accounts.sessions.title")}>
      <p className={styles.small}>
        {t("accounts.sessions.ends")} {expires}
      </p>
      <Button onPress={() => void signOut().finally(() => navigate("/signin"))}>
        {t("app.menu.sign_out")}
      </Button>
    </Panel>
  );
}

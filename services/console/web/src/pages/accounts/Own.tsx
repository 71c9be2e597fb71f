import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { patch, post } from "@/api/http";
import { holdSession, SESSION_KEY, useSession } from "@/api/session";
import type { Session } from "@/api/shapes";
import { setTheme, THEMES, type Theme, useTheme } from "@/app/theme";
import { NewPassword } from "@/pages/signin/NewPassword";
import { passwordFault } from "@/pages/signin/rules";
import { SignInProblem } from "@/pages/signin/SignInProblem";
import { LANGUAGES, type Language, useLanguage, useTexts } from "@/texts";
import { Button, ErrorNote, PageHead, Panel, Radios, TextField } from "@/ui";
import styles from "./accounts.module.css";
import { SESSIONS_KEY } from "./api";
import { OwnSessions } from "./OwnSessions";
import { Passkeys } from "./Passkeys";

export function Own() {
  const t = useTexts();
  const { data: session } = useSession();
  if (!session) return null;
  return (
    <>
      <PageHead
        title={t("accounts.own.title")}
        note={t("accounts.own.note", {
          account: session.account,
          roles: session.roles.map((role) => t(`app.role.${role}`)).join(", "),
        })}
      />
      <div className={styles.columns}>
        <Passkeys />
        <Password />
        <You session={session} />
        <Appearance />
        <OwnSessions />
      </div>
    </>
  );
}

function You({ session }: { session: Session }) {
  const t = useTexts();
  const client = useQueryClient();
  const [name, setName] = useState(session.name);
  const save = useMutation({
    mutationFn: () => patch<Session>("/api/v1/session", { name: name.trim() }),
    onSuccess: (next) => client.setQueryData(SESSION_KEY, holdSession(next)),
  });
  return (
    <Panel title={t("accounts.you.title")}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        {save.error ? <ErrorNote error={save.error} /> : null}
        <TextField
          label={t("setup.name")}
          description={t("setup.name_note")}
          value={name}
          onChange={setName}
          autoComplete="name"
          maxLength={100}
        />
        <Button type="submit" isDisabled={save.isPending || name.trim() === session.name}>
          {t("accounts.save")}
        </Button>
      </form>
    </Panel>
  );
}

function Password() {
  const t = useTexts();
  const client = useQueryClient();
  const { data: session } = useSession();
  const [old, setOld] = useState("");
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const [tried, setTried] = useState(false);
  const change = useMutation({
    mutationFn: () => post("/api/v1/session/password", { old, new: password }, { quiet: true }),
    onSuccess: () => {
      setOld("");
      setPassword("");
      setAgain("");
      setTried(false);
      // All others have ended.
      void client.invalidateQueries({ queryKey: SESSIONS_KEY });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (old && !passwordFault(password, again, session?.account ?? "")) change.mutate();
  };
  return (
    <Panel title={t("accounts.password.title")}>
      <form className={styles.form} onSubmit={submit}>
        <SignInProblem error={change.error} />
        {change.isSuccess ? <p role="status">{t("accounts.password.done")}</p> : null}
        <TextField
          label={t("accounts.password.old")}
          type="password"
          autoComplete="current-password"
          value={old}
          onChange={setOld}
          error={tried && !old ? t("accounts.password.old_missing") : undefined}
        />
        <NewPassword
          account={session?.account ?? ""}
          password={password}
          again={again}
          tried={tried}
          onPassword={setPassword}
          onAgain={setAgain}
        />
        <Button type="submit" isDisabled={change.isPending}>
          {t("accounts.password.change")}
        </Button>
        <p className={styles.small}>{t("accounts.password.note")}</p>
      </form>
    </Panel>
  );
}

function Appearance() {
  const t = useTexts();
  const theme = useTheme();
  const [language, setLanguage] = useLanguage();
  const keep = useMutation({
    mutationFn: (next: Language) => patch("/api/v1/session", { language: next }),
  });
  return (
    <Panel title={t("accounts.appearance.title")}>
      <div className={styles.form}>
        {keep.error ? <ErrorNote error={keep.error} /> : null}
        <Radios<Language>
          label={t("app.menu.language")}
          value={language}
          choices={Object.entries(LANGUAGES).map(([id, label]) => ({ id: id as Language, label }))}
          onChange={(next) => {
            setLanguage(next);
            keep.mutate(next);
          }}
        />
        <Radios<Theme>
          label={t("app.menu.theme")}
          description={t("accounts.appearance.theme_note")}
          value={theme}
          choices={THEMES.map((id) => ({ id, label: t(`app.menu.theme_${id}`) }))}
          onChange={setTheme}
        />
      </div>
    </Panel>
  );
}

/** The one-time links: the first account, and the invitations of others. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useLocation, useSearchParams } from "wouter";
import { get, post } from "@/api/http";
import { useSession, useSignedIn } from "@/api/session";
import type { Session } from "@/api/shapes";
import { NewPassword } from "@/pages/signin/NewPassword";
import { accountIsSound, passwordFault, toAccount } from "@/pages/signin/rules";
import { Sheet } from "@/pages/signin/Sheet";
import { SignInProblem } from "@/pages/signin/SignInProblem";
import styles from "@/pages/signin/signin.module.css";
import { useTexts } from "@/texts";
import { Button, ButtonLink, EmptyState, TextField } from "@/ui";
import { FirstMinutes } from "./FirstMinutes";

export default function SetupPage() {
  const [path, navigate] = useLocation();
  const [search] = useSearchParams();
  const [done, setDone] = useState(false);
  const session = useSession();
  const token = search.get("token") ?? "";
  if (done && session.data)
    return <FirstMinutes session={session.data} first={path === "/setup"} />;
  const finish = () => {
    setDone(true);
    // The link is used up, and has no business in the browser's history.
    navigate(path, { replace: true });
  };
  if (path === "/setup") return <FirstAccount token={token} onDone={finish} />;
  return <Invitation token={token} onDone={finish} />;
}

function FirstAccount({ token, onDone }: { token: string; onDone: () => void }) {
  const t = useTexts();
  const signedIn = useSignedIn();
  const [account, setAccount] = useState("");
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const [tried, setTried] = useState(false);
  const setup = useQuery({
    queryKey: ["setup"],
    queryFn: () => get<{ needed: boolean }>("/api/v1/setup", { quiet: true }),
    retry: false,
  });
  const create = useMutation({
    mutationFn: () =>
      post<Session>(
        "/api/v1/setup",
        { token, account: toAccount(account), name: name.trim() || toAccount(account), password },
        { quiet: true },
      ),
    onSuccess: (session) => {
      signedIn(session);
      onDone();
    },
  });
  if (setup.data && !setup.data.needed) return <NoLongerNeeded />;
  if (!token) return <NoToken />;
  const badName = tried && !accountIsSound(toAccount(account));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!accountIsSound(toAccount(account)) || passwordFault(password, again, toAccount(account)))
      return;
    create.mutate();
  };
  return (
    <Sheet title={t("setup.title")} lead={t("setup.lead")}>
      <form className={styles.form} onSubmit={submit}>
        <SignInProblem error={create.error} />
        <TextField
          label={t("setup.account")}
          description={t("setup.account_note")}
          name="account"
          autoComplete="username"
          value={account}
          onChange={setAccount}
          error={badName ? t("setup.account_fault") : undefined}
          autoFocus
        />
        <TextField
          label={t("setup.name")}
          description={t("setup.name_note")}
          name="name"
          autoComplete="name"
          value={name}
          onChange={setName}
          maxLength={100}
        />
        <NewPassword
          account={toAccount(account)}
          password={password}
          again={again}
          tried={tried}
          onPassword={setPassword}
          onAgain={setAgain}
        />
        <Button type="submit" kind="primary" size="large" isDisabled={create.isPending}>
          {t("setup.create")}
        </Button>
      </form>
      <p className={styles.small}>{t("setup.roles_note")}</p>
    </Sheet>
  );
}

function Invitation({ token, onDone }: { token: string; onDone: () => void }) {
  const t = useTexts();
  const signedIn = useSignedIn();
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const [tried, setTried] = useState(false);
  const accept = useMutation({
    mutationFn: () => post<Session>("/api/v1/invite", { token, password }, { quiet: true }),
    onSuccess: (session) => {
      signedIn(session);
      onDone();
    },
  });
  if (!token) return <NoToken />;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!passwordFault(password, again, "")) accept.mutate();
  };
  return (
    <Sheet title={t("setup.invite.title")} lead={t("setup.invite.lead")}>
      <form className={styles.form} onSubmit={submit}>
        <SignInProblem error={accept.error} />
        <NewPassword
          account=""
          password={password}
          again={again}
          tried={tried}
          onPassword={setPassword}
          onAgain={setAgain}
          focus
        />
        <Button type="submit" kind="primary" size="large" isDisabled={accept.isPending}>
          {t("setup.invite.accept")}
        </Button>
      </form>
    </Sheet>
  );
}

function NoToken() {
  const t = useTexts();
  return (
    <EmptyState
      page
      icon="keys"
      title={t("setup.no_token.title")}
      actions={<ButtonLink href="#/signin">{t("setup.to_signin")}</ButtonLink>}
    >
      {t("setup.no_token.text")}
    </EmptyState>
  );
}

function NoLongerNeeded() {
  const t = useTexts();
  return (
    <EmptyState
      page
      icon="user"
      title={t("setup.used.title")}
      actions={
        <ButtonLink kind="primary" href="#/signin">
          {t("setup.to_signin")}
        </ButtonLink>
      }
    >
      {t("setup.used.text")}
    </EmptyState>
  );
}

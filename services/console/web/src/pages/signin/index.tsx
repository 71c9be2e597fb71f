/** Sign-in: password, passkey, or the way through an identity provider. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Redirect, useLocation, useSearchParams } from "wouter";
import { get, post } from "@/api/http";
import { useSession, useSignedIn } from "@/api/session";
import type { Session } from "@/api/shapes";
import { useTexts } from "@/texts";
import { Button, ButtonLink, Icon, TextField } from "@/ui";
import { toAccount, wayBack } from "./rules";
import { Sheet } from "./Sheet";
import { SignInProblem } from "./SignInProblem";
import styles from "./signin.module.css";
import { getPasskey, passkeysAvailable, wasCancelled } from "./webauthn";

interface Challenge {
  id: string;
  publicKey: Record<string, unknown>;
}

export default function SigninPage() {
  const t = useTexts();
  const [search] = useSearchParams();
  const [, navigate] = useLocation();
  const session = useSession();
  const signedIn = useSignedIn();
  const [account, setAccount] = useState("");
  const [password, setPassword] = useState("");
  const setup = useQuery({
    queryKey: ["setup"],
    queryFn: () => get<{ needed: boolean }>("/api/v1/setup", { quiet: true }),
    retry: false,
  });
  const providers = useQuery({
    queryKey: ["oidc"],
    queryFn: () => get<{ id: string; name: string }[]>("/api/v1/oidc", { quiet: true }),
    retry: false,
  });
  const enter = (next: Session) => {
    signedIn(next);
    navigate(wayBack(search.get("to")), { replace: true });
  };

  const byPassword = useMutation({
    mutationFn: () =>
      post<Session>("/api/v1/session", { account: toAccount(account), password }, { quiet: true }),
    onSuccess: enter,
    onError: () => setPassword(""),
  });
  const byPasskey = useMutation({
    mutationFn: async () => {
      const named = toAccount(account);
      const challenge = await post<Challenge>(
        "/api/v1/passkeys/sign-in/start",
        named ? { account: named } : {},
        { quiet: true },
      );
      const credential = await getPasskey(challenge);
      return post<Session>(
        "/api/v1/passkeys/sign-in/finish",
        { id: challenge.id, credential },
        { quiet: true },
      );
    },
    onSuccess: enter,
  });

  if (session.data) return <Redirect to={wayBack(search.get("to"))} replace />;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (account.trim() && password) byPassword.mutate();
  };
  const passkeyError = byPasskey.error && !wasCancelled(byPasskey.error) ? byPasskey.error : null;
  const busy = byPassword.isPending || byPasskey.isPending;
  return (
    <Sheet title={t("signin.title")} lead={t("signin.lead")}>
      {setup.data?.needed ? (
        <div className={styles.note} role="status">
          <strong>{t("signin.setup.title")}</strong>
          <p>{t("signin.setup.text")}</p>
        </div>
      ) : null}
      <form className={styles.form} onSubmit={submit}>
        <SignInProblem error={byPassword.error ?? passkeyError} />
        <TextField
          label={t("signin.account")}
          name="account"
          autoComplete="username webauthn"
          value={account}
          onChange={setAccount}
          autoFocus
        />
        <TextField
          label={t("signin.password")}
          name="password"
          type="password"
          autoComplete="current-password"
          value={password}
          onChange={setPassword}
        />
        <Button type="submit" kind="primary" size="large" isDisabled={busy}>
          {byPassword.isPending ? t("signin.entering") : t("signin.enter")}
        </Button>
      </form>
      {passkeysAvailable() || providers.data?.length ? (
        <div className={styles.or}>{t("signin.or")}</div>
      ) : null}
      <div className={styles.ways}>
        {passkeysAvailable() ? (
          <Button size="large" isDisabled={busy} onPress={() => byPasskey.mutate()}>
            <Icon name="keys" />
            {t("signin.passkey")}
          </Button>
        ) : null}
        {(providers.data ?? []).map((provider) => (
          <ButtonLink
            key={provider.id}
            size="large"
            href={`/api/v1/oidc/${encodeURIComponent(provider.id)}/start`}
          >
            {t("signin.oidc", { name: provider.name })}
          </ButtonLink>
        ))}
      </div>
      <p className={styles.small}>{t("signin.help")}</p>
    </Sheet>
  );
}

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { get, post, remove } from "@/api/http";
import { createPasskey, passkeysAvailable, wasCancelled } from "@/pages/signin/webauthn";
import { useTexts } from "@/texts";
import { Button, ErrorNote, Icon, Panel, Skeleton, TextField, Time } from "@/ui";
import styles from "./accounts.module.css";
import { deviceOf, listOf, type Passkey } from "./api";

interface Challenge {
  publicKey: Record<string, unknown>;
}

const KEY = ["passkeys"] as const;

export function Passkeys() {
  const t = useTexts();
  const client = useQueryClient();
  const [label, setLabel] = useState(() => deviceOf(navigator.userAgent) ?? "");
  const passkeys = useQuery({
    queryKey: KEY,
    queryFn: async () => listOf<Passkey>(await get<Passkey[]>("/api/v1/passkeys"), "passkeys"),
  });
  const fresh = () => client.invalidateQueries({ queryKey: KEY });
  const add = useMutation({
    mutationFn: async () => {
      const named = label.trim() || t("accounts.passkeys.unnamed");
      const challenge = await post<Challenge>("/api/v1/passkeys/register/start", { label: named });
      const credential = await createPasskey(challenge);
      await post("/api/v1/passkeys/register/finish", { credential });
    },
    onSuccess: fresh,
  });
  const drop = useMutation({
    mutationFn: (id: string) => remove(`/api/v1/passkeys/${encodeURIComponent(id)}`),
    onSuccess: fresh,
  });
  const failed = add.error && !wasCancelled(add.error) ? add.error : drop.error;
  return (
    <Panel title={t("accounts.passkeys")}>
      <p className={styles.small}>{t("accounts.passkeys.what")}</p>
      {failed ? <ErrorNote error={failed} /> : null}
      {passkeys.isPending ? (
        <Skeleton lines={2} />
      ) : passkeys.isError ? (
        <ErrorNote error={passkeys.error} retry={() => void passkeys.refetch()} />
      ) : passkeys.data.length === 0 ? (
        <p className={styles.none}>{t("accounts.passkeys.none")}</p>
      ) : (
        <ul className={styles.list}>
          {passkeys.data.map((passkey) => (
            <li key={passkey.id}>
              <span>
                <strong>{passkey.label}</strong>
                <span className={styles.may}>
                  {t("accounts.passkeys.added")} <Time at={passkey.created} show="dateTime" />
                  {" · "}
                  {t("accounts.passkeys.used")} <Time at={passkey.last_used} show="dateTime" />
                </span>
              </span>
              <Button
                size="small"
                kind="quiet"
                aria-label={t("accounts.passkeys.remove", { label: passkey.label })}
                isDisabled={drop.isPending}
                onPress={() => drop.mutate(passkey.id)}
              >
                <Icon name="trash" />
              </Button>
            </li>
          ))}
        </ul>
      )}
      {passkeysAvailable() ? (
        <form
          className={styles.inline}
          onSubmit={(event) => {
            event.preventDefault();
            add.mutate();
          }}
        >
          <TextField
            label={t("accounts.passkeys.label")}
            value={label}
            onChange={setLabel}
            maxLength={64}
          />
          <Button type="submit" isDisabled={add.isPending}>
            <Icon name="plus" />
            {t("accounts.passkeys.add")}
          </Button>
        </form>
      ) : (
        <p className={styles.small}>{t("accounts.passkeys.unavailable")}</p>
      )}
    </Panel>
  );
}

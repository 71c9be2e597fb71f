import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { post } from "@/api/http";
import type { Role } from "@/api/shapes";
import { accountIsSound, toAccount } from "@/pages/signin/rules";
import { useTexts } from "@/texts";
import { Button, Dialog, ErrorNote, TextField } from "@/ui";
import styles from "./accounts.module.css";
import { RoleChoice } from "./RoleChoice";

export function InviteDialog({
  isOpen,
  onClose,
  onInvited,
}: {
  isOpen: boolean;
  onClose: () => void;
  onInvited: (link: { account: string; invite: string }) => void;
}) {
  const t = useTexts();
  const [account, setAccount] = useState("");
  const [name, setName] = useState("");
  const [roles, setRoles] = useState<Role[]>(["operator"]);
  const [tried, setTried] = useState(false);
  const invite = useMutation({
    mutationFn: async () => ({
      account: toAccount(account),
      ...(await post<{ invite: string }>(
        "/api/v1/accounts",
        { account: toAccount(account), name: name.trim() || toAccount(account), roles },
        { role: "administrator" },
      )),
    }),
    onSuccess: (link) => {
      setAccount("");
      setName("");
      setRoles(["operator"]);
      setTried(false);
      onInvited(link);
    },
  });
  const fault = tried && !accountIsSound(toAccount(account));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (accountIsSound(toAccount(account)) && roles.length) invite.mutate();
  };
  return (
    <Dialog
      title={t("accounts.invite_title")}
      isOpen={isOpen}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{t("accounts.cancel")}</Button>
          <Button
            kind="primary"
            type="submit"
            form="invite"
            isDisabled={invite.isPending || roles.length === 0}
          >
            {t("accounts.make_link")}
          </Button>
        </>
      }
    >
      <form id="invite" className={styles.form} onSubmit={submit}>
        {invite.error ? <ErrorNote error={invite.error} /> : null}
        <TextField
          label={t("setup.account")}
          description={t("setup.account_note")}
          value={account}
          onChange={setAccount}
          error={fault ? t("setup.account_fault") : undefined}
          autoFocus
        />
        <TextField label={t("accounts.name")} value={name} onChange={setName} maxLength={100} />
        <RoleChoice roles={roles} onChange={setRoles} />
      </form>
    </Dialog>
  );
}

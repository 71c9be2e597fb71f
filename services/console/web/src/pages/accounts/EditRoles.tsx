import { useState } from "react";
import type { Role } from "@/api/shapes";
import { useTexts } from "@/texts";
import { Button, Dialog, ErrorNote } from "@/ui";
import type { Account } from "./api";
import { RoleChoice } from "./RoleChoice";

export function EditRoles({
  account,
  own,
  error,
  busy,
  onClose,
  onSave,
}: {
  account: Account | undefined;
  own: string | undefined;
  error: unknown;
  busy: boolean;
  onClose: () => void;
  onSave: (roles: Role[]) => void;
}) {
  const t = useTexts();
  const [roles, setRoles] = useState<Role[]>(account?.roles ?? []);
  return (
    <Dialog
      title={t("accounts.roles_title", { account: account?.account ?? "" })}
      isOpen={account !== undefined}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{t("accounts.cancel")}</Button>
          <Button
            kind="primary"
            isDisabled={busy || roles.length === 0}
            onPress={() => onSave(roles)}
          >
            {t("accounts.save")}
          </Button>
        </>
      }
    >
      {error ? <ErrorNote error={error} /> : null}
      {/* Nobody shuts themselves out. */}
      <RoleChoice
        roles={roles}
        onChange={setRoles}
        locked={account?.account === own ? "administrator" : undefined}
      />
    </Dialog>
  );
}

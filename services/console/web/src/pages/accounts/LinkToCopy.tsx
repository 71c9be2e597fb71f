import { useState } from "react";
import { useTexts } from "@/texts";
import { Button, Dialog, Icon, TextField } from "@/ui";

/** A link that is shown once. */
export function LinkToCopy({
  link,
  onClose,
}: {
  link: { account: string; invite: string } | undefined;
  onClose: () => void;
}) {
  const t = useTexts();
  const [copied, setCopied] = useState(false);
  const address = link ? new URL(link.invite, globalThis.location.href).href : "";
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(address);
      setCopied(true);
    } catch {
      // Without the permission the link is there to be marked and copied by hand.
      setCopied(false);
    }
  };
  return (
    <Dialog
      wide
      title={t("accounts.link_title", { account: link?.account ?? "" })}
      isOpen={link !== undefined}
      onClose={() => {
        setCopied(false);
        onClose();
      }}
      actions={
        <Button kind="primary" onPress={() => void copy()}>
          <Icon name={copied ? "check" : "external"} />
          {t(copied ? "accounts.copied" : "accounts.copy")}
        </Button>
      }
    >
      <TextField
        label={t("accounts.link")}
        description={t("accounts.link_note")}
        value={address}
        isReadOnly
        mono
        onFocus={(event) => (event.target as HTMLInputElement).select()}
      />
    </Dialog>
  );
}

import { useState } from "react";
import { useTexts } from "@/texts";
import { Checkbox, TextField } from "@/ui";
import { PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN, passwordFault } from "./rules";

/** A new password, twice. What is wrong is said once somebody has tried. */
export function NewPassword({
  account,
  password,
  again,
  tried,
  onPassword,
  onAgain,
  focus = false,
}: {
  account: string;
  password: string;
  again: string;
  tried: boolean;
  onPassword: (text: string) => void;
  onAgain: (text: string) => void;
  focus?: boolean;
}) {
  const t = useTexts();
  const [shown, setShown] = useState(false);
  const fault = tried ? passwordFault(password, again, account) : null;
  const type = shown ? "text" : "password";
  return (
    <>
      <TextField
        label={t("signin.new_password")}
        description={t("signin.new_password_note", { min: PASSWORD_CHARS_MIN })}
        name="new-password"
        type={type}
        autoComplete="new-password"
        value={password}
        onChange={onPassword}
        error={
          fault && fault !== "differs"
            ? t(`signin.fault.${fault}`, { min: PASSWORD_CHARS_MIN, max: PASSWORD_CHARS_MAX })
            : undefined
        }
        autoFocus={focus}
      />
      <TextField
        label={t("signin.again")}
        name="new-password-again"
        type={type}
        autoComplete="new-password"
        value={again}
        onChange={onAgain}
        error={fault === "differs" ? t("signin.fault.differs") : undefined}
      />
      <Checkbox isSelected={shown} onChange={setShown}>
        {t("signin.show")}
      </Checkbox>
    </>
  );
}

import { ROLES, type Role } from "@/api/shapes";
import { useTexts } from "@/texts";
import { Checkbox } from "@/ui";
import styles from "./accounts.module.css";

/** Roles to tick, each with what it may do. */
export function RoleChoice({
  roles,
  onChange,
  locked,
}: {
  roles: readonly Role[];
  onChange: (roles: Role[]) => void;
  /** A role that cannot be taken away here. */
  locked?: Role | undefined;
}) {
  const t = useTexts();
  return (
    <fieldset className={styles.roles}>
      <legend>{t("accounts.roles")}</legend>
      {ROLES.map((role) => (
        <Checkbox
          key={role}
          isSelected={roles.includes(role)}
          isDisabled={role === locked}
          onChange={(on) =>
            onChange(ROLES.filter((one) => (one === role ? on : roles.includes(one))))
          }
        >
          {t(`app.role.${role}`)}
          <span className={styles.may}>{t(`accounts.may.${role}`)}</span>
        </Checkbox>
      ))}
    </fieldset>
  );
}

import type { ReactNode } from "react";
import { actsAs, useChosenRole, useSession } from "@/api/session";
import type { Role, Session } from "@/api/shapes";
import { useTexts } from "@/texts";
import { EmptyState } from "@/ui";

export function allowed(
  session: Session | null | undefined,
  role: Role | undefined,
  wanted: readonly Role[] | undefined,
): boolean {
  if (!session) return false;
  return !wanted || actsAs(session, role, wanted) !== undefined;
}

/** Shows its children to the roles named, and says to everybody else whom the page is for. */
export function Guard({
  roles,
  children,
}: {
  roles: readonly Role[] | undefined;
  children: ReactNode;
}) {
  const t = useTexts();
  const { data: session } = useSession();
  const role = useChosenRole();
  if (allowed(session, role, roles)) return children;
  const names = (list: readonly Role[]) => list.map((one) => t(`app.role.${one}`)).join(", ");
  return (
    <EmptyState page icon="user" title={t("app.denied.title")}>
      <p>
        {t("app.denied.text", {
          roles: names(roles ?? []),
          mine: names(role ? [role] : (session?.roles ?? [])),
        })}
      </p>
      <p>{t("app.denied.hint")}</p>
    </EmptyState>
  );
}

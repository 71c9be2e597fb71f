/** What every part of the page has: one plain sentence, and its states. */
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { get } from "@/api/http";
import { actsAs, useChosenRole, useSession } from "@/api/session";
import type { Role } from "@/api/shapes";
import { useTexts } from "@/texts";
import { EmptyState, ErrorNote, Panel, Skeleton } from "@/ui";
import styles from "../trust.module.css";

/** The role among these in which this account acts now; none where it may not. */
export function useRole(roles: readonly Role[]): Role | undefined {
  return actsAs(useSession().data, useChosenRole(), roles);
}

/** Fetches in the role that may; not at all where there is none. */
export function useTold<T>(path: string, role: Role | undefined): UseQueryResult<T> {
  return useQuery({
    queryKey: ["trust", path, role],
    queryFn: ({ signal }) => get<T>(path, { ...(role ? { role } : {}), signal }),
    enabled: role !== undefined,
  });
}

export function Part<T>({
  explanation,
  told,
  role,
  roles,
  isEmpty,
  empty,
  actions,
  children,
}: {
  explanation: string;
  told: UseQueryResult<T>;
  role: Role | undefined;
  roles: readonly Role[];
  isEmpty: (data: T) => boolean;
  empty: string;
  actions?: ReactNode;
  children: (data: T) => ReactNode;
}) {
  const t = useTexts();
  return (
    <div className={styles.part}>
      <div className={styles.explanation}>
        <p>{explanation}</p>
        {actions}
      </div>
      {role === undefined ? (
        <Panel>
          <EmptyState icon="user" title={t("trust.denied.title")}>
            <p>
              {t("trust.denied.text", {
                roles: roles.map((one) => t(`app.role.${one}`)).join(", "),
              })}
            </p>
          </EmptyState>
        </Panel>
      ) : told.isError ? (
        <ErrorNote error={told.error} retry={() => void told.refetch()} />
      ) : told.data === undefined ? (
        <Skeleton lines={6} />
      ) : isEmpty(told.data) ? (
        <Panel>
          <EmptyState title={empty} />
        </Panel>
      ) : (
        children(told.data)
      )}
    </div>
  );
}

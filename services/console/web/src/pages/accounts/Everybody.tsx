import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { get, patch, post } from "@/api/http";
import { useSession } from "@/api/session";
import { useTexts } from "@/texts";
import {
  Badge,
  Button,
  Dialog,
  EmptyState,
  ErrorNote,
  Icon,
  PageHead,
  Panel,
  Skeleton,
  Table,
  Time,
} from "@/ui";
import styles from "./accounts.module.css";
import { type Account, listOf } from "./api";
import { EditRoles } from "./EditRoles";
import { InviteDialog } from "./InviteDialog";
import { LinkToCopy } from "./LinkToCopy";

const KEY = ["accounts"] as const;

export function Everybody() {
  const t = useTexts();
  const client = useQueryClient();
  const { data: session } = useSession();
  const accounts = useQuery({
    queryKey: KEY,
    queryFn: async () =>
      listOf<Account>(
        await get<Account[]>("/api/v1/accounts", { role: "administrator" }),
        "accounts",
      ),
    // Whoever waits for somebody to take up an invitation sees it.
    staleTime: 0,
    refetchInterval: 10_000,
  });
  const [inviting, setInviting] = useState(false);
  const [editing, setEditing] = useState<Account>();
  const [disabling, setDisabling] = useState<Account>();
  const [link, setLink] = useState<{ account: string; invite: string }>();
  const fresh = () => client.invalidateQueries({ queryKey: KEY });

  const change = useMutation({
    mutationFn: ({ account, ...body }: Partial<Account> & { account: string }) =>
      patch(`/api/v1/accounts/${encodeURIComponent(account)}`, body, { role: "administrator" }),
    onSuccess: async () => {
      setEditing(undefined);
      setDisabling(undefined);
      await fresh();
    },
  });
  const again = useMutation({
    mutationFn: async (account: string) => ({
      account,
      ...(await post<{ invite: string }>(
        `/api/v1/accounts/${encodeURIComponent(account)}/invite`,
        {},
        { role: "administrator" },
      )),
    }),
    onSuccess: setLink,
  });

  return (
    <>
      <PageHead
        title={t("accounts.title")}
        note={accounts.data ? t("accounts.count", { count: accounts.data.length }) : undefined}
        actions={
          <Button kind="primary" onPress={() => setInviting(true)}>
            <Icon name="plus" />
            {t("accounts.invite")}
          </Button>
        }
      />
      {again.error ? <ErrorNote error={again.error} /> : null}
      {accounts.isPending ? (
        <Panel>
          <Skeleton lines={5} />
        </Panel>
      ) : accounts.isError ? (
        <ErrorNote error={accounts.error} retry={() => void accounts.refetch()} />
      ) : accounts.data.length === 0 ? (
        <EmptyState icon="accounts" title={t("accounts.none")} />
      ) : (
        <Panel flush>
          <Table
            caption={t("accounts.title")}
            rows={accounts.data}
            rowKey={(row) => row.account}
            rowClass={(row) => (row.disabled ? styles.disabled : undefined)}
            columns={[
              {
                key: "account",
                title: t("accounts.account"),
                head: true,
                cell: (row) => (
                  <>
                    <span className={styles.who}>{row.name || row.account}</span>
                    <span className={styles.id}>{row.account}</span>
                  </>
                ),
              },
              {
                key: "roles",
                title: t("accounts.roles"),
                cell: (row) =>
                  row.roles.map((role) => t(`app.role.${role}`)).join(", ") ||
                  t("accounts.no_role"),
              },
              {
                key: "state",
                title: t("accounts.state"),
                cell: (row) =>
                  row.disabled ? (
                    <Badge tone="bad">{t("accounts.disabled")}</Badge>
                  ) : row.provider ? (
                    <Badge tone="good">
                      {t("accounts.by_provider", { provider: row.provider })}
                    </Badge>
                  ) : !row.has_password && row.passkeys === 0 ? (
                    <Badge tone="info">{t("accounts.invited")}</Badge>
                  ) : (
                    <Badge tone="good">{t("accounts.active")}</Badge>
                  ),
              },
              {
                key: "passkeys",
                title: t("accounts.passkeys"),
                numbers: true,
                cell: (row) => row.passkeys,
              },
              {
                key: "seen",
                title: t("accounts.last_seen"),
                cell: (row) => <Time at={row.last_seen} show="dateTime" />,
              },
              {
                key: "acts",
                title: <span className="visually-hidden">{t("accounts.acts")}</span>,
                cell: (row) => (
                  <span className={styles.acts}>
                    <Button
                      size="small"
                      isDisabled={Boolean(row.provider)}
                      onPress={() => setEditing(row)}
                      aria-label={t("accounts.edit_roles_of", { account: row.account })}
                    >
                      {t("accounts.edit_roles")}
                    </Button>
                    <Button
                      size="small"
                      isDisabled={row.disabled || again.isPending || Boolean(row.provider)}
                      onPress={() => again.mutate(row.account)}
                      aria-label={t("accounts.new_link_of", { account: row.account })}
                    >
                      {t("accounts.new_link")}
                    </Button>
                    <Button
                      size="small"
                      kind={row.disabled ? "plain" : "danger"}
                      isDisabled={row.account === session?.account || change.isPending}
                      onPress={() =>
                        row.disabled
                          ? change.mutate({ account: row.account, disabled: false })
                          : setDisabling(row)
                      }
                      aria-label={t(row.disabled ? "accounts.enable_of" : "accounts.disable_of", {
                        account: row.account,
                      })}
                    >
                      {t(row.disabled ? "accounts.enable" : "accounts.disable")}
                    </Button>
                  </span>
                ),
              },
            ]}
          />
        </Panel>
      )}
      <InviteDialog
        isOpen={inviting}
        onClose={() => setInviting(false)}
        onInvited={(invited) => {
          setInviting(false);
          setLink(invited);
          void fresh();
        }}
      />
      <EditRoles
        key={editing?.account}
        account={editing}
        own={session?.account}
        error={editing ? change.error : null}
        busy={change.isPending}
        onClose={() => {
          setEditing(undefined);
          change.reset();
        }}
        onSave={(roles) => editing && change.mutate({ account: editing.account, roles })}
      />
      <Dialog
        title={t("accounts.disable_title", { account: disabling?.account ?? "" })}
        isOpen={disabling !== undefined}
        onClose={() => {
          setDisabling(undefined);
          change.reset();
        }}
        actions={
          <>
            <Button onPress={() => setDisabling(undefined)}>{t("accounts.keep")}</Button>
            <Button
              kind="danger"
              isDisabled={change.isPending}
              onPress={() =>
                disabling && change.mutate({ account: disabling.account, disabled: true })
              }
            >
              {t("accounts.disable")}
            </Button>
          </>
        }
      >
        {disabling && change.error ? <ErrorNote error={change.error} /> : null}
        <p>{t("accounts.disable_text")}</p>
      </Dialog>
      <LinkToCopy link={link} onClose={() => setLink(undefined)} />
    </>
  );
}

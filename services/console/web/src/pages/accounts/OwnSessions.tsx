import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useLocation } from "wouter";
import { get, remove } from "@/api/http";
import { useSignOut } from "@/api/session";
import { useFormat, useTexts } from "@/texts";
import { Badge, Button, ErrorNote, Panel, Skeleton, Time } from "@/ui";
import styles from "./accounts.module.css";
import { deviceNames, endSession, SESSIONS_KEY, type SessionRow } from "./api";

/** Where the account is signed in: a row for each session, this browser's first, and ways to end them. */
export function OwnSessions() {
  const t = useTexts();
  const client = useQueryClient();
  const list = useRef<HTMLUListElement>(null);
  const [done, setDone] = useState("");
  const sessions = useQuery({
    queryKey: SESSIONS_KEY,
    queryFn: () => get<SessionRow[]>("/api/v1/sessions"),
    staleTime: 0,
  });
  const device = (row: SessionRow) => deviceNames(row) ?? t("accounts.sessions.unknown");
  // Of one, or of all others.
  const end = useMutation({
    mutationFn: (row: SessionRow | undefined) =>
      row ? endSession(row.id) : remove("/api/v1/sessions"),
    onSuccess: async (_, row) => {
      // The button that was pressed goes with its row: the focus goes to the list before that.
      list.current?.focus();
      setDone(
        row
          ? t("accounts.sessions.ended", { device: device(row) })
          : t("accounts.sessions.others_ended"),
      );
      await client.invalidateQueries({ queryKey: SESSIONS_KEY });
    },
  });
  return (
    <Panel title={t("accounts.sessions.title")}>
      <p className={styles.small}>{t("accounts.sessions.what")}</p>
      {end.error ? <ErrorNote error={end.error} /> : null}
      <p role="status" className={done ? styles.small : "visually-hidden"}>
        {done}
      </p>
      {sessions.isPending ? (
        <Skeleton lines={2} />
      ) : sessions.isError ? (
        <ErrorNote error={sessions.error} retry={() => void sessions.refetch()} />
      ) : (
        <>
          <ul
            ref={list}
            tabIndex={-1}
            className={styles.list}
            aria-label={t("accounts.sessions.title")}
          >
            {sessions.data.map((row) => (
              <Row key={row.id} row={row} device={device(row)} onEnd={() => end.mutate(row)} />
            ))}
          </ul>
          {sessions.data.some((row) => !row.current) ? (
            <Button onPress={() => end.mutate(undefined)}>
              {t("accounts.sessions.end_others")}
            </Button>
          ) : null}
        </>
      )}
    </Panel>
  );
}

function Row({ row, device, onEnd }: { row: SessionRow; device: string; onEnd: () => void }) {
  const t = useTexts();
  const format = useFormat();
  const signOut = useSignOut();
  const [, navigate] = useLocation();
  return (
    <li>
      <span>
        <span className={styles.where}>
          <strong>{device}</strong>
          {row.current ? <Badge tone="good">{t("accounts.sessions.here")}</Badge> : null}
        </span>
        <span className={styles.may}>
          {t("accounts.sessions.since")} <Time at={row.began} show="dateTime" />
          {" · "}
          {t(`accounts.sessions.by.${row.how}`, { provider: row.provider ?? "" })}
          {" · "}
          {row.address}
        </span>
        <span className={styles.may}>
          {t("accounts.sessions.seen")} <Time at={row.last_seen} show="dateTime" />
          {" · "}
          {t("accounts.sessions.ends")} <Time at={row.expires} show="minute" />
        </span>
      </span>
      {row.current ? (
        <Button size="small" onPress={() => void signOut().finally(() => navigate("/signin"))}>
          {t("app.menu.sign_out")}
        </Button>
      ) : (
        // Never disabled while it works: that would lose the focus, and ending twice does no harm.
        <Button
          size="small"
          aria-label={t("accounts.sessions.end_of", { device, time: format.dateTime(row.began) })}
          onPress={onEnd}
        >
          {t("accounts.sessions.end")}
        </Button>
      )}
    </li>
  );
}

/** One line that says what became of decisions, and what is still on its way. Its place is always kept. */
import { type ReactNode, useEffect, useState } from "react";
import { SERVICE_LANGUAGE, type TextKey, type Translate, useFormat, useTexts } from "@/texts";
import { Badge, Button, type Tone } from "@/ui";
import type { Hint } from "../Desk";
import type { ReviewDesk } from "../logic/desk";
import { keyCap } from "../logic/keys";
import { type Decided, type Notice, type Outgoing, type Session, undoable } from "../logic/session";
import { Key } from "./Key";
import styles from "./StatusLine.module.css";

/** Decisions on their way that have room in the line. */
const WAY_MAX = 2;
const NOTICE_MS = 12_000;

/** The reason in this language, else the server's name of it. */
export function reasonText(t: Translate, reason: string, sentence?: string): string {
  return t.maybe(`review.reason.${reason}`) ?? sentence ?? reason.replaceAll("_", " ");
}

export function StatusLine({
  desk,
  session,
  hint = null,
  children,
}: {
  desk: ReviewDesk;
  session: Session;
  hint?: Hint;
  /** At the end of the line. */
  children?: ReactNode;
}) {
  const t = useTexts();
  const now = useNow(desk, 500);
  // What went wrong stays until it was seen to; of the rest, the newest is enough.
  const way = session.outgoing.filter((one) => one.phase !== "sending").slice(-WAY_MAX);
  const notice = session.notices.at(-1);
  const [last] = session.decided;
  const undo = undoable(session, now);
  return (
    <div className={styles.status}>
      <div className={styles.told} role="status">
        {hint ? <Badge tone="warn">{t(`review.hint.${hint}` as TextKey)}</Badge> : null}
        {way.map((one) => (
          <OnItsWay key={one.id} desk={desk} one={one} now={now} />
        ))}
        {notice ? <Told key={notice.id} desk={desk} notice={notice} /> : null}
        {last && way.length === 0 && !notice ? <Last last={last} now={now} /> : null}
        {undo ? (
          <Button
            size="small"
            onPress={() => desk.put({ is: "undo" })}
            isDisabled={session.undoing !== null}
          >
            {t("review.act.undo")} <Key cap={keyCap("undo")} />
          </Button>
        ) : null}
      </div>
      {children}
    </div>
  );
}

function OnItsWay({ desk, one, now }: { desk: ReviewDesk; one: Outgoing; now: number }) {
  const t = useTexts();
  const what = t(`review.status.${one.choice.kind}` as TextKey);
  const reason = one.choice.kind === "reject" ? reasonText(t, one.choice.reason) : "";
  const seconds = Math.max(0, Math.ceil((one.dueAt - now) / 1000));
  if (one.phase === "held") {
    return (
      <span>
        <strong>{what}</strong> {reason}{" "}
        <span className="soft">{t("review.status.held", { seconds })}</span>
      </span>
    );
  }
  if (one.phase !== "failed") {
    const why = one.failure?.kind === "offline" ? "offline" : (one.failure?.kind ?? "busy");
    return (
      <span className={styles.way}>
        <Badge tone="warn">{t("review.status.kept", { what })}</Badge>
        {t.maybe(`review.status.why_${why}`) ?? t("review.status.why_busy")}{" "}
        <span className="soft">{t("review.status.again", { seconds })}</span>
      </span>
    );
  }
  return (
    <span className={styles.way}>
      <Badge tone="bad">{t("review.status.failed", { what })}</Badge>
      {t(`review.failed.${one.why ?? "refused"}` as TextKey)}
      {one.why === "refused" && one.failure ? (
        <span className="soft" lang={SERVICE_LANGUAGE}>
          {one.failure.detail}
        </span>
      ) : null}
      {one.why === "ran_out" || one.why === "gave_up" ? (
        <Button size="small" onPress={() => desk.put({ is: "take_again", id: one.id })}>
          {t(one.why === "ran_out" ? "review.status.claim_again" : "review.status.send_again")}
        </Button>
      ) : null}
      <Button size="small" kind="quiet" onPress={() => desk.put({ is: "dismiss", id: one.id })}>
        {t("app.dismiss")}
      </Button>
    </span>
  );
}

const TONES: Partial<Record<Notice["kind"], Tone>> = {
  undo_failed: "bad",
  release_failed: "warn",
  reopened: "bad",
  elsewhere: "warn",
  stand_down: "warn",
};

function Told({ desk, notice }: { desk: ReviewDesk; notice: Notice }) {
  const t = useTexts();
  const tone = TONES[notice.kind] ?? (notice.values.correct === "false" ? "warn" : "info");
  const key =
    notice.kind === "known"
      ? `review.notice.known_${notice.values.correct}`
      : `review.notice.${notice.kind}`;
  // A notice goes by itself, once it could be read.
  useEffect(() => {
    const timer = setTimeout(() => desk.put({ is: "dismiss", id: notice.id }), NOTICE_MS);
    return () => clearTimeout(timer);
  }, [desk, notice.id]);
  return (
    <span className={styles.way}>
      <Badge tone={tone}>{t(key as TextKey)}</Badge>
      {notice.failure ? <span lang={SERVICE_LANGUAGE}>{notice.failure.detail}</span> : null}
      {notice.values.why ? <span>{notice.values.why}</span> : null}
    </span>
  );
}

function Last({ last, now }: { last: Decided; now: number }) {
  const t = useTexts();
  const format = useFormat();
  const step = last.undone ? "undone" : last.step;
  const left = last.undoUntil === null ? 0 : last.undoUntil - now;
  return (
    <span className="soft">
      {t("review.status.last")} {t.maybe(`review.step.${step}`) ?? step}
      {last.reason ? `: ${reasonText(t, last.reason)}` : ""}
      {last.step === "approved" && !last.undone && left > 0
        ? ` · ${t("review.status.undo_for", { span: format.span(left) })}`
        : ""}
    </span>
  );
}

/** The server's time, looked at every so often. */
export function useNow(desk: ReviewDesk, everyMs: number): number {
  const [now, setNow] = useState(() => desk.api.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(desk.api.now()), everyMs);
    return () => clearInterval(timer);
  }, [desk, everyMs]);
  return now;
}

/** No case on the desk: what waits, and how to begin. */
import type { UseQueryResult } from "@tanstack/react-query";
import { Problem } from "@/api/problem";
import type { Role } from "@/api/shapes";
import { useKeys } from "@/app/keys";
import { useTexts } from "@/texts";
import {
  Button,
  EmptyState,
  ErrorNote,
  KeyFigure,
  KeyFigures,
  Panel,
  Since,
  Skeleton,
  Switch,
} from "@/ui";
import type { QueueCounts } from "../logic/api";
import type { ReviewDesk } from "../logic/desk";
import type { Failure } from "../logic/failure";
import { helpKeys, keyCap } from "../logic/keys";
import type { Session } from "../logic/session";
import { setSingleKeys, useSingleKeys } from "../single_keys";
import { Key } from "./Key";
import styles from "./Resting.module.css";

export function Resting({
  desk,
  session,
  queue,
  role,
}: {
  desk: ReviewDesk;
  session: Session;
  queue: UseQueryResult<QueueCounts>;
  role: Role;
}) {
  const t = useTexts();
  const take = (): void => desk.put({ is: "take" });
  const undo = (): void => desk.put({ is: "undo" });
  const on = useSingleKeys();
  const bindings = [
    { keys: helpKeys("take"), text: t("review.keys.take"), run: take },
    { keys: helpKeys("undo"), text: t("review.keys.undo"), run: undo },
  ];
  useKeys(on ? bindings : []);
  const counts = queue.data;
  return (
    <div className={styles.resting}>
      <Panel className={styles.start}>
        {session.phase === "claiming" ? (
          <Skeleton lines={4} />
        ) : session.phase === "failed" && session.failure ? (
          <ErrorNote
            error={asShown(session.failure)}
            title={t("review.resting.failed")}
            retry={take}
          />
        ) : (
          <EmptyState
            icon="review"
            title={t(session.phase === "empty" ? "review.resting.empty" : "review.resting.ready")}
            actions={
              <Button kind="primary" size="large" onPress={take}>
                {t("review.resting.take")} <Key cap={keyCap("take")} />
              </Button>
            }
          >
            <p>
              {t(session.phase === "empty" ? "review.resting.empty_text" : "review.resting.text")}
            </p>
          </EmptyState>
        )}
      </Panel>
      <Panel
        title={t("review.queue.title")}
        note={
          counts?.oldest ? (
            <>
              {t("review.queue.oldest")} <Since at={counts.oldest} />
            </>
          ) : undefined
        }
      >
        {counts ? (
          <KeyFigures>
            <KeyFigure label={t("review.queue.first")} value={counts.first + counts.second} />
            <KeyFigure
              label={t("review.queue.senior")}
              value={counts.senior}
              note={role === "senior" ? undefined : t("review.queue.senior_note")}
            />
            <KeyFigure label={t("review.queue.contest")} value={counts.contest} />
            <KeyFigure label={t("review.queue.claimed")} value={counts.claimed} />
            <KeyFigure label={t("review.queue.sent_back")} value={counts.sent_back} />
          </KeyFigures>
        ) : queue.isError ? (
          <ErrorNote error={queue.error} retry={() => void queue.refetch()} />
        ) : (
          <Skeleton lines={2} />
        )}
      </Panel>
      <Switch isSelected={on} onChange={setSingleKeys}>
        {t("review.keys.switch")}
      </Switch>
      <p className="soft">{t("review.resting.boundary")}</p>
    </div>
  );
}

/** A failure as the shared note shows it. */
export function asShown(failure: Failure): Problem {
  return new Problem({
    status: failure.kind === "offline" ? 0 : 409,
    title: failure.detail || failure.problem,
    detail: failure.hint ?? undefined,
    retryAfter: failure.retryAfterS ?? undefined,
  });
}

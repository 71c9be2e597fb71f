/** What the case is about, whether its evidence holds, and for how long it is the reviewer's. */
import { useEffect, useState } from "react";
import { type TextKey, useFormat, useTexts } from "@/texts";
import { Badge, PageHead, Time } from "@/ui";
import type { QueueCounts } from "../logic/api";
import { type CaseFiles, isComplete, isVerified } from "../logic/files";
import type { Held } from "../logic/session";
import styles from "./CaseHead.module.css";

/** From here on the claim's end is shown as a warning, milliseconds. */
const SOON_MS = 90_000;

export function CaseHead({
  held,
  files,
  zone,
}: {
  held: Held;
  files: CaseFiles;
  zone: string | undefined;
}) {
  const t = useTexts();
  const { violation, stage } = held.claim;
  const loading = files.detail.state === "loading";
  const name = files.plan.state === "ready" ? files.plan.value?.name : null;
  const facts = [
    t("review.head.where", { site: name ?? violation.site, camera: violation.camera }),
    violation.lane ? t("review.head.lane", { lane: violation.lane }) : null,
    t.maybe(`words.class.${violation.class}`) ?? violation.class,
  ];
  return (
    <PageHead
      title={t.maybe(`words.rule.${violation.rule}`) ?? violation.rule}
      note={
        <>
          {facts.filter(Boolean).join(" · ")} ·{" "}
          <Time at={violation.event_time} zone={zone} show="dateTime" />
        </>
      }
      actions={
        <div className={styles.badges}>
          {stage === "first" ? null : (
            <Badge tone="info">{t(`review.stage.${stage}` as TextKey)}</Badge>
          )}
          {held.again ? <Badge tone="neutral">{t("review.head.again")}</Badge> : null}
          {loading ? (
            <Badge tone="neutral">{t("review.head.checking")}</Badge>
          ) : isVerified(files) ? (
            <Badge tone="good" title={t("review.head.sealed_title")}>
              {t("review.head.sealed")}
            </Badge>
          ) : (
            <Badge tone="bad">{t("review.head.unsound")}</Badge>
          )}
        </div>
      }
    />
  );
}

/** For how long the case is the reviewer's, and what comes after it. */
export function ClaimState({
  held,
  next,
  queue,
  now,
}: {
  held: Held;
  next: CaseFiles | null;
  queue: QueueCounts | undefined;
  now: () => number;
}) {
  const t = useTexts();
  const waiting = queue ? queue.first + queue.second + queue.senior + queue.contest : null;
  const state = next === null ? "none" : isComplete(next) ? "ready" : "loading";
  return (
    <span className={styles.claim}>
      <Left held={held} now={now} />
      {waiting === null ? null : (
        <span className="soft numbers">{t("review.head.waiting", { count: waiting })}</span>
      )}
      <span className="soft">{t(`review.head.next_${state}` as TextKey)}</span>
    </span>
  );
}

function Left({ held, now }: { held: Held; now: () => number }) {
  const t = useTexts();
  const format = useFormat();
  const [left, setLeft] = useState(() => held.until - now());
  useEffect(() => {
    const look = (): void => setLeft(held.until - now());
    look();
    const timer = setInterval(look, 1000);
    return () => clearInterval(timer);
  }, [held.until, now]);
  if (held.lost) return <Badge tone="bad">{t("review.head.lost")}</Badge>;
  const span = format.span(Math.max(0, left));
  if (left < SOON_MS) return <Badge tone="warn">{t("review.head.soon", { span })}</Badge>;
  return <span className="soft numbers">{t("review.head.yours", { span })}</span>;
}

/** The review desk: one case after the other, each decided by a person. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useSyncExternalStore } from "react";
import { actsAs, useChosenRole, useSession } from "@/api/session";
import type { Role } from "@/api/shapes";
import { useTexts } from "@/texts";
import { EmptyState, PageHead } from "@/ui";
import { Desk } from "./Desk";
import { DeskApi } from "./logic/api";
import { deskOf, ReviewDesk } from "./logic/desk";
import { Resting } from "./parts/Resting";
import { StatusLine } from "./parts/StatusLine";
import shared from "./review.module.css";

/** A senior can decide every case, so that none waits for a role that is not chosen. */
const ROLES: readonly Role[] = ["senior", "reviewer"];
const TOUCH_MS = 5_000;

export default function ReviewPage() {
  const t = useTexts();
  const session = useSession().data;
  const role = actsAs(session, useChosenRole(), ROLES);
  if (!session) return null;
  if (!role) {
    return (
      <>
        <PageHead title={t("review.title")} />
        <EmptyState icon="warning" title={t("review.denied.title")}>
          <p>{t("review.denied.text")}</p>
        </EmptyState>
      </>
    );
  }
  return <AtDesk key={`${session.account} ${role}`} account={session.account} role={role} />;
}

function AtDesk({ account, role }: { account: string; role: Role }) {
  const t = useTexts();
  const desk = useMemo(
    () => deskOf(`${account} ${role}`, () => new ReviewDesk(new DeskApi(role), account)),
    [account, role],
  );
  usePresence(desk);
  const { session, current, next } = useSyncExternalStore(desk.listen, desk.snapshot);
  const queue = useQuery({
    queryKey: ["review", "queue", role],
    queryFn: () => desk.api.queue(),
    refetchInterval: 10_000,
  });
  const reasons = useQuery({
    queryKey: ["review", "reasons"],
    queryFn: () => desk.api.reasons(),
    staleTime: Number.POSITIVE_INFINITY,
  });

  if (session.current) {
    return (
      <Desk
        // What was opened or typed belongs to one case.
        key={`${session.current.claim.case} ${session.current.claim.token}`}
        desk={desk}
        session={session}
        held={session.current}
        files={current}
        next={next}
        queue={queue.data}
        reasons={reasons.data ?? []}
      />
    );
  }
  return (
    <div className={shared.page}>
      <PageHead title={t("review.title")} />
      <StatusLine desk={desk} session={session} />
      <Resting desk={desk} session={session} queue={queue} role={role} />
    </div>
  );
}

/** Tells the desk that somebody is there, and when they go. */
function usePresence(desk: ReviewDesk): void {
  useEffect(() => {
    desk.start();
    let told = 0;
    const touch = (): void => {
      if (Date.now() - told < TOUCH_MS) return;
      told = Date.now();
      desk.put({ is: "touch" });
    };
    const hide = (): void => desk.farewell();
    const unload = (event: BeforeUnloadEvent): void => {
      if (desk.hasUnsent()) event.preventDefault();
    };
    document.addEventListener("keydown", touch);
    document.addEventListener("pointermove", touch);
    window.addEventListener("pagehide", hide);
    window.addEventListener("beforeunload", unload);
    return () => {
      document.removeEventListener("keydown", touch);
      document.removeEventListener("pointermove", touch);
      window.removeEventListener("pagehide", hide);
      window.removeEventListener("beforeunload", unload);
      desk.put({ is: "leave" });
    };
  }, [desk]);
}

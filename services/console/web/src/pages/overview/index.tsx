import { lazy, Suspense, useCallback, useMemo, useState } from "react";
import { useChosenRole, useSession } from "@/api/session";
import { allowed } from "@/app/Guard";
import { LiveContent } from "@/app/LiveContent";
import { useTexts } from "@/texts";
import { ButtonLink, EmptyState, ErrorNote, PageHead, Panel, Skeleton } from "@/ui";
import { EventList } from "@/ui/EventList";
import { bySeverity, totals, useOverview } from "./data";
import { Figures } from "./Figures";
import { KindFilter, type Shown } from "./KindFilter";
import styles from "./Overview.module.css";
import { SiteGrid } from "./SiteGrid";
import { CamerasDown, RulesDown } from "./StoodDown";
import { TravelTimes } from "./TravelTimes";

const MapView = lazy(() => import("./MapView"));

export default function OverviewPage() {
  const t = useTexts();
  const query = useOverview();
  const { data } = query;
  const { data: session } = useSession();
  const engineer = allowed(session, useChosenRole(), ["engineer"]);
  const [shown, setShown] = useState<Shown>("all");
  const sites = useMemo(() => bySeverity(data?.sites ?? []), [data?.sites]);
  const placed = useMemo(
    () => sites.filter((site) => site.latitude_deg != null && site.longitude_deg != null),
    [sites],
  );
  const site = useCallback((id: string) => data?.sites.find((one) => one.id === id), [data?.sites]);
  const events = useMemo(
    () => (data?.events ?? []).filter((event) => shown === "all" || event.kind === shown),
    [data?.events, shown],
  );

  if (query.isError && !data) {
    return (
      <>
        <PageHead title={t("overview.title")} />
        <ErrorNote error={query.error} retry={() => void query.refetch()} />
      </>
    );
  }
  return (
    <LiveContent>
      <PageHead title={t("overview.title")} />
      {data && data.feed.state !== "reading" ? (
        <FeedNote state={data.feed.state} why={data.feed.why} />
      ) : null}
      <Figures totals={data ? totals(data) : undefined} down={data?.stood_down.length ?? 0} />
      <div className={styles.grid}>
        <div className={styles.main}>
          <Panel title={t("overview.sites.title")} note={t("overview.sites.note")}>
            {data === undefined ? (
              <Skeleton height="16rem" />
            ) : sites.length === 0 ? (
              <EmptyState
                icon="junction"
                title={t("overview.sites.empty")}
                actions={
                  engineer ? (
                    <ButtonLink kind="primary" href="#/calibrate">
                      {t("overview.sites.begin")}
                    </ButtonLink>
                  ) : undefined
                }
              >
                {t(engineer ? "overview.sites.empty_engineer" : "overview.sites.empty_text")}
              </EmptyState>
            ) : (
              <>
                {placed.length > 0 ? (
                  <Suspense fallback={<Skeleton height="20rem" />}>
                    <MapView sites={placed} />
                  </Suspense>
                ) : null}
                <SiteGrid sites={sites} now={data.now} />
              </>
            )}
          </Panel>
          <Panel title={t("overview.travel.title")} note={t("overview.travel.note")}>
            {data ? <TravelTimes items={data.travel_times} /> : <Skeleton />}
          </Panel>
        </div>
        <div className={styles.side}>
          <Panel
            title={t("overview.events.title")}
            actions={<KindFilter value={shown} onChange={setShown} />}
            flush
          >
            {data === undefined ? (
              <div className={styles.padded}>
                <Skeleton lines={8} />
              </div>
            ) : events.length === 0 ? (
              <EmptyState icon="check" title={t("overview.events.empty")}>
                {t("overview.events.empty_text")}
              </EmptyState>
            ) : (
              <div
                role="group"
                className={styles.scroll}
                tabIndex={0}
                aria-label={t("overview.events.scroll")}
              >
                <EventList
                  events={events}
                  site={site}
                  withSite={sites.length > 1}
                  href={(event) =>
                    `#/junction/${encodeURIComponent(event.site)}?event=${encodeURIComponent(event.id)}`
                  }
                />
              </div>
            )}
          </Panel>
          <Panel title={t("overview.cameras_down.title")}>
            {data ? (
              <CamerasDown items={data.stood_down} now={data.now} site={site} />
            ) : (
              <Skeleton />
            )}
          </Panel>
          <Panel title={t("overview.rules_down.title")}>
            {data ? (
              <RulesDown items={data.rules_stood_down} now={data.now} site={site} />
            ) : (
              <Skeleton />
            )}
          </Panel>
        </div>
      </div>
    </LiveContent>
  );
}

/** The server itself is not at the front of its bus: then nothing on this page is. */
function FeedNote({ state, why }: { state: "catching_up" | "away"; why?: string | null }) {
  const t = useTexts();
  return (
    <p className={styles.feed} role="status">
      {t(`overview.feed.${state}`)} {why}
    </p>
  );
}

/** The overview, kept current by the live stream and fetched again now and then. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef } from "react";
import { useLive, useLiveBatch } from "@/api/hooks";
import { get } from "@/api/http";
import type {
  EventShape,
  LiveHealth,
  LiveStandDown,
  Overview,
  SiteState,
  SiteSummary,
  TravelTime,
} from "@/api/shapes";

export const OVERVIEW_KEY = ["overview"] as const;
const EVENTS_MAX = 100;

export function useOverview() {
  const client = useQueryClient();
  const query = useQuery({
    queryKey: OVERVIEW_KEY,
    queryFn: ({ signal }) => get<Overview>("/api/v1/overview", { signal }),
    refetchInterval: 30_000,
    staleTime: 5_000,
  });
  const change = useCallback(
    (how: (before: Overview) => Overview) =>
      client.setQueryData<Overview>(OVERVIEW_KEY, (before) => (before ? how(before) : before)),
    [client],
  );

  // What follows from a camera's state (is the junction in order?) is the server's to say.
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const askSoon = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = setTimeout(
      () => void client.invalidateQueries({ queryKey: OVERVIEW_KEY }),
      1000,
    );
  }, [client]);
  useEffect(() => () => clearTimeout(timer.current), []);

  useLiveBatch<EventShape>("event", (events) => change((before) => withEvents(before, events)));
  useLiveBatch<LiveHealth>("health", (items) => {
    const before = client.getQueryData<Overview>(OVERVIEW_KEY);
    if (before && items.some((item) => isNews(before, item))) askSoon();
    change((now) => withHealth(now, items));
  });
  useLiveBatch<TravelTime>("travel_time", (items) => change((now) => withTravelTimes(now, items)));
  useLive<LiveStandDown>("stand_down", askSoon);
  useLive("citation", askSoon);
  return query;
}

/** New events first; one that is there already (its evidence came) is replaced. */
export function withEvents(before: Overview, came: readonly EventShape[]): Overview {
  const known = new Map(before.events.map((event) => [`${event.kind}/${event.id}`, event]));
  const fresh: EventShape[] = [];
  for (const event of came) {
    const key = `${event.kind}/${event.id}`;
    if (!known.has(key)) fresh.push(event);
    known.set(key, event);
  }
  const events = [...known.values()]
    .sort((a, b) => (a.time < b.time ? 1 : a.time > b.time ? -1 : 0))
    .slice(0, EVENTS_MAX);
  const count = (site: string, kind: EventShape["kind"]) =>
    fresh.filter((event) => event.site === site && event.kind === kind).length;
  const sites =
    fresh.length === 0
      ? before.sites
      : before.sites.map((site) => ({
          ...site,
          violations_24h: site.violations_24h + count(site.id, "violation"),
          voids_24h: site.voids_24h + count(site.id, "void"),
        }));
  return { ...before, events, sites };
}

function isNews(before: Overview, { site, camera }: LiveHealth): boolean {
  const known = before.sites
    .find((one) => one.id === site)
    ?.cameras.find((one) => one.id === camera.id);
  return known?.state !== camera.state;
}

export function withHealth(before: Overview, items: readonly LiveHealth[]): Overview {
  const newest = new Map(items.map((item) => [`${item.site}/${item.camera.id}`, item.camera]));
  return {
    ...before,
    sites: before.sites.map((site) => ({
      ...site,
      cameras: site.cameras.map((camera) => newest.get(`${site.id}/${camera.id}`) ?? camera),
    })),
  };
}

export function withTravelTimes(before: Overview, items: readonly TravelTime[]): Overview {
  const newest = new Map(before.travel_times.map((item) => [item.section, item]));
  for (const item of items) newest.set(item.section, item);
  const times = [...newest.values()].sort((a, b) => a.section.localeCompare(b.section));
  return { ...before, travel_times: times };
}

const ORDER: Record<SiteState, number> = { down: 0, degraded: 1, unknown: 2, ok: 3 };

/** What needs somebody comes first. */
export function bySeverity(sites: readonly SiteSummary[]): SiteSummary[] {
  return [...sites].sort((a, b) => ORDER[a.state] - ORDER[b.state] || a.name.localeCompare(b.name));
}

export interface Totals {
  sites: number;
  sitesOk: number;
  cameras: number;
  camerasLive: number;
  violations: number;
  voids: number;
  /** Undefined where review is not part of this console. */
  waiting: number | undefined;
}

export function totals(overview: Overview): Totals {
  const cameras = overview.sites.flatMap((site) => site.cameras);
  const sum = (of: (site: SiteSummary) => number) =>
    overview.sites.reduce((all, site) => all + of(site), 0);
  const reviewed = overview.sites.filter((site) => site.waiting_review != null);
  return {
    sites: overview.sites.length,
    sitesOk: overview.sites.filter((site) => site.state === "ok").length,
    cameras: cameras.length,
    camerasLive: cameras.filter(({ state }) => state === "live" || state === "still").length,
    violations: sum((site) => site.violations_24h),
    voids: sum((site) => site.voids_24h),
    waiting: reviewed.length > 0 ? sum((site) => site.waiting_review ?? 0) : undefined,
  };
}

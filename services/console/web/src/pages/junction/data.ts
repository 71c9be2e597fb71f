/** One junction: its plan, its state, and what the live stream adds to it. */
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo } from "react";
import { useLive, useLiveBatch, useLiveSite } from "@/api/hooks";
import { get } from "@/api/http";
import type {
  EventDetail,
  EventScene,
  EventShape,
  LiveHealth,
  LiveSignal,
  SignalHistory,
  SignalState,
  SiteLiveState,
  SitePlan,
  TracksShape,
} from "@/api/shapes";
import { LatestTracks } from "@/ui/plan/source";

const at = (site: string, rest = "") => `/api/v1/sites/${encodeURIComponent(site)}${rest}`;

export function usePlan(site: string) {
  return useQuery({
    queryKey: ["site", site, "plan"],
    queryFn: ({ signal }) => get<SitePlan>(at(site), { signal }),
    staleTime: 5 * 60_000,
  });
}

export function useSiteState(site: string) {
  const client = useQueryClient();
  const key = useMemo(() => ["site", site, "state"], [site]);
  const tracks = useMemo(() => (site ? new LatestTracks() : new LatestTracks()), [site]);
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => get<SiteLiveState>(at(site, "/state"), { signal }),
    // Flow is counted by the minute.
    refetchInterval: 20_000,
    staleTime: 5_000,
    placeholderData: keepPreviousData,
  });
  const change = useCallback(
    (how: (before: SiteLiveState) => SiteLiveState) =>
      client.setQueryData<SiteLiveState>(key, (before) => (before ? how(before) : before)),
    [client, key],
  );

  useLiveSite(site);
  useEffect(() => {
    for (const one of query.data?.tracks ?? []) tracks.put(one);
  }, [query.data?.tracks, tracks]);
  useLive<TracksShape>("tracks", (one) => {
    if (one.site === site) tracks.put(one);
  });
  useLiveBatch<LiveSignal>("signals", (items) => {
    const own = items.filter((item) => item.site === site);
    if (own.length > 0)
      change((before) => ({ ...before, signals: withSignals(before.signals, own) }));
  });
  useLiveBatch<LiveHealth>("health", (items) => {
    const own = new Map(
      items.filter((item) => item.site === site).map((i) => [i.camera.id, i.camera]),
    );
    if (own.size === 0) return;
    change((before) => ({
      ...before,
      cameras: before.cameras.map((camera) => own.get(camera.id) ?? camera),
    }));
  });
  useLiveBatch<EventShape>("event", (items) => {
    const own = items.filter((item) => item.site === site);
    if (own.length > 0) change((before) => ({ ...before, events: merged(before.events, own) }));
  });
  return { ...query, tracks };
}

function merged(before: readonly EventShape[], came: readonly EventShape[]): EventShape[] {
  const all = new Map(before.map((event) => [`${event.kind}/${event.id}`, event]));
  for (const event of came) all.set(`${event.kind}/${event.id}`, event);
  return [...all.values()].sort((a, b) => (a.time < b.time ? 1 : -1)).slice(0, 100);
}

const KEPT_MS = 6 * 60_000;

/** Adds changes to the histories; what is older than the window goes, but for the state it left. */
export function withSignals(
  before: readonly SignalHistory[],
  came: readonly LiveSignal[],
): SignalHistory[] {
  const groups = new Map(before.map((group) => [group.group, group]));
  for (const { group, time, state } of came) {
    const known = groups.get(group) ?? { group, history: [], dropped: 0 };
    const last = known.history.at(-1);
    if (last && last.time >= time) continue;
    const from = new Date(Date.parse(time) - KEPT_MS).toISOString();
    const firstInside = known.history.findIndex((change) => change.time >= from);
    const kept =
      firstInside < 0 ? known.history.slice(-1) : known.history.slice(Math.max(0, firstInside - 1));
    groups.set(group, { ...known, history: [...kept, { time, state }] });
  }
  return [...groups.values()];
}

/** What each group shows at an instant (milliseconds); the newest where none is given. */
export function signalsAt(
  groups: readonly SignalHistory[],
  atMs?: number,
): Record<string, SignalState> {
  const made: Record<string, SignalState> = {};
  for (const { group, history } of groups) {
    const last =
      atMs === undefined
        ? history.at(-1)
        : history.findLast((change) => Date.parse(change.time) <= atMs);
    made[group] = (last?.state as SignalState | undefined) ?? "unknown";
  }
  return made;
}

export function useEventDetail(id: string | undefined) {
  return useQuery({
    queryKey: ["event", id],
    queryFn: ({ signal }) =>
      get<EventDetail>(`/api/v1/events/${encodeURIComponent(id ?? "")}`, { signal }),
    enabled: id !== undefined,
    // The evidence is sealed a little later.
    refetchInterval: (query) => (query.state.data?.evidence === "pending" ? 3000 : false),
  });
}

export function useScene(id: string | undefined) {
  return useQuery({
    queryKey: ["scene", id],
    queryFn: ({ signal }) =>
      get<EventScene>(`/api/v1/events/${encodeURIComponent(id ?? "")}/scene`, { signal }),
    enabled: id !== undefined,
    staleTime: 60_000,
    refetchInterval: (query) => (query.state.data && !query.state.data.complete ? 3000 : false),
  });
}

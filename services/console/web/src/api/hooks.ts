/** The live connection and the session for components. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useSyncExternalStore } from "react";
import { addCredentials } from "./credentials";
import { LiveConnection, type LiveState, type Topic } from "./live";

/** The one live connection of this page. */
export const live = new LiveConnection({
  // Tracks are drawn on a junction's page alone; nowhere else are they worth their bytes.
  url: (site) => `/api/v1/live?${site ? `site=${encodeURIComponent(site)}` : "tracks=false"}`,
  headers: () => {
    const headers = new Headers();
    addCredentials(headers, "GET");
    return headers;
  },
  fetch: (...request) => fetch(...request),
  now: () => Date.now(),
  random: Math.random,
});

export function useLiveState(): LiveState {
  return useSyncExternalStore(live.listen, () => live.state);
}

/** Calls `handler` with each event of the topic, at once. For what is drawn without React (tracks). */
export function useLive<T>(topic: Topic, handler: (data: T) => void): void {
  const call = useEffectEvent(handler);
  useEffect(() => live.on(topic, (data) => call(data as T)), [topic]);
}

/**
 * Calls `handler` with what came in the last moment, at most four times a second and with `max` items:
 * a thousand events a second must not become a thousand renderings. Of more, the newest are kept.
 */
export function useLiveBatch<T>(
  topic: Topic,
  handler: (items: T[]) => void,
  { everyMs = 250, max = 200 }: { everyMs?: number; max?: number } = {},
): void {
  const call = useEffectEvent(handler);
  useEffect(() => {
    let items: T[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const off = live.on(topic, (data) => {
      items.push(data as T);
      if (items.length > max * 2) items = items.slice(-max);
      timer ??= setTimeout(() => {
        timer = undefined;
        const ready = items.slice(-max);
        items = [];
        call(ready);
      }, everyMs);
    });
    return () => {
      off();
      clearTimeout(timer);
    };
  }, [topic, everyMs, max]);
}

/** Limits the live tracks to one site while the component is shown. */
export function useLiveSite(site: string | undefined): void {
  useEffect(() => {
    live.setSite(site);
    return () => live.setSite(undefined);
  }, [site]);
}

/** Fetches everything anew when the stream could not resume. Mounted once, by the shell. */
export function useRefetchOnReset(): void {
  const client = useQueryClient();
  useEffect(() => live.onReset(() => void client.invalidateQueries()), [client]);
}

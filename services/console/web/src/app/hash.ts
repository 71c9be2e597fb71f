/**
 * Routes in the hash, with their query in the hash too: `#/setup?token=…`. What stands behind the `#` never
 * reaches a server or its log; wouter's own hash location would move the query before the `#`.
 */
import { useSyncExternalStore } from "react";

function subscribe(listener: () => void): () => void {
  addEventListener("hashchange", listener);
  addEventListener("popstate", listener);
  return () => {
    removeEventListener("hashchange", listener);
    removeEventListener("popstate", listener);
  };
}

function parts(): [path: string, search: string] {
  const [path = "", search = ""] = location.hash.replace(/^#?\/?/, "").split("?", 2);
  return [`/${path}`, search];
}

export function navigateHash(
  to: string,
  { state = null, replace = false }: { state?: unknown; replace?: boolean } = {},
): void {
  const url = new URL(location.href);
  url.hash = `/${to.replace(/^#?\/?/, "")}`;
  url.search = "";
  history[replace ? "replaceState" : "pushState"](state, "", url.href);
  dispatchEvent(new HashChangeEvent("hashchange"));
}

export function useHashPath(): [string, typeof navigateHash] {
  return [useSyncExternalStore(subscribe, () => parts()[0]), navigateHash];
}
useHashPath.hrefs = (href: string): string => `#${href}`;

export function useHashSearch(): string {
  return useSyncExternalStore(subscribe, () => parts()[1]);
}

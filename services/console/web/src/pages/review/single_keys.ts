/** Whether single keys act on the desk. Who speaks to the computer, or types by accident, turns them off. */
import { useSyncExternalStore } from "react";

const KEY = "wayside.review.keys";
const listeners = new Set<() => void>();

function read(): boolean {
  return localStorage.getItem(KEY) !== "off";
}

export function setSingleKeys(on: boolean): void {
  if (on) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, "off");
  for (const listener of listeners) listener();
}

export function useSingleKeys(): boolean {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, read);
}

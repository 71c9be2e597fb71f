/** Light, dark, or as the system says; kept in this browser. */
import { useSyncExternalStore } from "react";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const KEY = "wayside.theme";
const listeners = new Set<() => void>();
const dark = matchMedia("(prefers-color-scheme: dark)");

function stored(): Theme {
  const name = localStorage.getItem(KEY);
  return THEMES.find((theme) => theme === name) ?? "system";
}

let theme = stored();

/** Sets `data-theme` on the root, by which styles/tokens.css chooses. */
export function applyTheme(): void {
  const shown = theme === "system" ? (dark.matches ? "dark" : "light") : theme;
  document.documentElement.dataset.theme = shown;
  for (const listener of listeners) listener();
}

dark.addEventListener("change", applyTheme);

export function setTheme(next: Theme): void {
  theme = next;
  localStorage.setItem(KEY, next);
  applyTheme();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, () => theme);
}

/** `light` or `dark`, as shown now: for what is drawn on a canvas. */
export function useShownTheme(): string {
  return useSyncExternalStore(subscribe, () => document.documentElement.dataset.theme ?? "light");
}

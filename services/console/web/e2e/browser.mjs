// Chromium, and somebody in front of it. Each person has a profile of their own.
import { chromium as engine } from "playwright-core";
import { chromium } from "./environment.mjs";
import { Watch } from "./watch.mjs";

/** How long a busy machine may take for what is there in a moment on a quiet one. */
export const PATIENCE_MS = Number(process.env.WAYSIDE_E2E_PATIENCE_S ?? 900) * 1000;

export function open() {
  return engine.launch({
    executablePath: chromium(),
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** A fresh profile with one page, and what goes wrong in it. */
export async function person(browser, name, options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1366, height: 768 },
    colorScheme: "light",
    locale: "en-GB",
    ...options,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const watch = new Watch(name);
  await watch.context(context);
  const page = await context.newPage();
  return { name, context, page, watch };
}

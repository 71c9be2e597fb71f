// A violation arrives on pages that are open, without a reload.
import assert from "node:assert/strict";
import { go, settled, shownIds, until } from "../steps.mjs";

/** Opens the overview afresh; milliseconds until it painted something, and until it had the junction. */
export async function firstPaint(page, url) {
  await page.goto("about:blank");
  await page.goto(`${url}/#/`);
  await settled(page);
  await page.getByText("Example junction").first().waitFor();
  return page.evaluate(() => ({
    paint_ms: Math.round(
      performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? -1,
    ),
    there_ms: Math.round(performance.now()),
  }));
}

/** Waits on this page for an event that was not there; of a kind, where one is named. */
async function another(page, what, kind) {
  // A page that was loaded anew would have lost this.
  await page.evaluate(() => {
    window.sameDocument = true;
  });
  const before = new Set(await shownIds(page));
  const arrived = await until(`new event on ${what}`, async () =>
    (await shownIds(page, kind)).find((id) => !before.has(id)),
  );
  assert(await page.evaluate(() => window.sameDocument === true), "the page was loaded anew");
  return arrived;
}

export async function onOverview(page) {
  await go(page, "#/");
  const id = await another(page, "the overview", "Violation");
  await page.locator(`main a[href*='${id}']`).first().waitFor();
  await page.getByRole("status", { name: "Connection" }).getByText("Live").waitFor();
  return id;
}

export async function onJunction(page) {
  await go(page, "#/junction/junction");
  await picture(page);
  return another(page, "the junction's page");
}

/** Waits for the redacted picture of the camera. */
export function picture(page) {
  return until("picture of the camera", () =>
    page.evaluate(() => (document.querySelector("main figure img")?.naturalWidth ?? 0) > 100),
  );
}

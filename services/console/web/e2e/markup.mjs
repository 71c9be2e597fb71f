// Names that are markup, on every page that shows them: they stand there as text, and run nothing.
//   WAYSIDE_URL WAYSIDE_COOKIE WAYSIDE_MARKUP WAYSIDE_E2E_OUT node e2e/markup.mjs
import assert from "node:assert/strict";
import { open, PATIENCE_MS, person } from "./browser.mjs";
import { folder, told } from "./environment.mjs";
import { go, settled } from "./steps.mjs";

const url = told("WAYSIDE_URL");
const markup = told("WAYSIDE_MARKUP");
const [name, value] = told("WAYSIDE_COOKIE").split("=");
const pages = {
  overview: "#/",
  junction: "#/junction/road",
  calibrate: "#/calibrate",
  replay: "#/replay",
  accounts: "#/accounts",
  account: "#/account",
};
/** Pages that show one of the names in any case. */
const HAS_NAMES = ["overview", "accounts", "replay"];
const browser = await open();
try {
  const { context, page } = await person(browser, "chief");
  await context.addCookies([{ name, value, url, httpOnly: true, sameSite: "Strict" }]);
  const ran = [];
  page.on("dialog", async (dialog) => {
    ran.push(dialog.message());
    await dialog.dismiss();
  });
  page.on("request", (request) => {
    if (new URL(request.url()).pathname === "/x") ran.push(`fetched ${request.url()}`);
  });
  await page.goto(`${url}/`);
  await settled(page);
  const shown = [];
  for (const [title, route] of Object.entries(pages)) {
    await go(page, route);
    // Names come with the first answers of a page; where they have to come, they are waited for.
    const timeout = HAS_NAMES.includes(title) ? PATIENCE_MS : 5000;
    const there = await page
      .getByText(markup, { exact: false })
      .first()
      .waitFor({ state: "attached", timeout })
      .then(() => true)
      .catch(() => false);
    if (there) shown.push(title);
    assert.equal(await page.locator("img[src='x'], svg[onload], [onerror]").count(), 0, title);
    await page.screenshot({ path: `${folder()}/${title}.png` });
  }
  // What would run, were it let in all the same, the policy stops.
  await page.evaluate((html) => document.body.insertAdjacentHTML("beforeend", html), markup);
  await page.waitForTimeout(500);
  const dialogs = ran.filter((what) => !what.startsWith("fetched"));
  assert.deepEqual(dialogs, [], "a name ran as a script");
  for (const title of HAS_NAMES) {
    assert(shown.includes(title), `the name is not on ${title}: ${shown}`);
  }
  console.log(`shown as text: ${shown.join(", ")}`);
} finally {
  await browser.close();
}

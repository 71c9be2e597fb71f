// Steps that several journeys take. Each waits for what it wants, never for time to pass.
import assert from "node:assert/strict";
import { PATIENCE_MS } from "./browser.mjs";

/** Asks until the answer is there; what it was at last where it never is. */
export async function until(what, ask, patience_ms = PATIENCE_MS) {
  const end = Date.now() + patience_ms;
  let last;
  for (;;) {
    try {
      last = await ask();
      if (last) return last;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw new Error(`no ${what}: ${last?.stack ?? JSON.stringify(last)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Goes to a page of the console without loading the app anew. */
export async function go(page, route) {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, route);
  await settled(page);
}

/** The page has its head, and nothing in it is still on its way. */
export async function settled(page) {
  await page.locator("main h1").first().waitFor();
  await until(`end of loading at ${page.url()}`, () =>
    page.evaluate(() => !document.querySelector("main [aria-busy='true'], main [data-loading]")),
  );
}

/** An answer of the API to whoever is signed in in this profile: its status and its body. */
export async function ask(context, url, path, options = {}) {
  const { method = "GET", body, headers = {} } = options;
  if (method !== "GET") {
    const session = await context.request.get(`${url}/api/v1/session`);
    headers["Wayside-Csrf"] = (await session.json()).csrf;
  }
  const answer = await context.request.fetch(url + path, {
    method,
    headers,
    ...(body === undefined ? {} : { data: body }),
  });
  const type = answer.headers()["content-type"] ?? "";
  return { status: answer.status(), body: type.includes("json") ? await answer.json() : null };
}

/** The same where nothing but success makes sense; in a role of the account. */
export async function get(context, url, path, role) {
  const headers = role ? { "Wayside-Role": role } : {};
  const { status, body } = await ask(context, url, path, { headers });
  assert.equal(status, 200, `${path}: ${JSON.stringify(body)}`);
  return body;
}

/** A junction's events as the API lists them, newest first. */
export async function events(context, url, site, limit) {
  return (await get(context, url, `/api/v1/events?site=${site}&limit=${limit}`)).events;
}

/** Ids of the events that a page lists, in its order: of all, or of those of a kind. */
export function shownIds(page, kind = "") {
  return page.evaluate(
    (wanted) =>
      [...document.querySelectorAll("main ol a[href*='event=']")]
        .filter((link) => link.textContent.includes(wanted))
        .map((link) => new URLSearchParams(link.getAttribute("href").split("?")[1]).get("event")),
    kind,
  );
}

/** Types a new password twice, and sends it. */
export async function choosePassword(page, password) {
  const fields = page.locator("input[type=password]");
  await fields.nth(1).waitFor();
  for (const field of await fields.all()) await field.fill(password);
  await page.keyboard.press("Enter");
}

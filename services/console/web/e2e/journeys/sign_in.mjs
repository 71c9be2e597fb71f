// The one-time link makes the first account, once. Signing out, and in again with the password.
import assert from "node:assert/strict";
import { choosePassword, settled } from "../steps.mjs";

export const ACCOUNT = "chief.reviewer";
export const NAME = "Chief reviewer";
export const PASSWORD = "a junction at half past seven";

export async function firstAccount({ page, watch }, link) {
  watch.expect(401, "/api/v1/session");
  await page.goto(link);
  await page.locator("input[name=account]").fill(ACCOUNT);
  await page.locator("input[name=name]").fill(NAME);
  await choosePassword(page, PASSWORD);
  await page.getByRole("heading", { name: `Welcome, ${NAME}` }).waitFor();
  assert(!page.url().includes("token"), `the link stays in the history: ${page.url()}`);
}

/** The same link again, in another browser: no form, and the server refuses it as well. */
export async function linkIsUsedUp({ page, context, watch }, link) {
  watch.expect(401, "/api/v1/session");
  await page.goto(link);
  await page.getByRole("heading", { name: "The first account exists already" }).waitFor();
  assert.equal(await page.locator("input").count(), 0);
  const url = new URL(link);
  const token = new URLSearchParams(url.hash.split("?")[1]).get("token");
  const answer = await context.request.post(`${url.origin}/api/v1/setup`, {
    data: { token, account: "second", name: "Second", password: PASSWORD },
  });
  assert([401, 403, 404, 409, 410].includes(answer.status()), `${answer.status()}`);
  assert.deepEqual(await context.cookies(), []);
  for (const path of ["/api/v1/overview", "/api/v1/accounts", "/api/review/v1/queue"]) {
    assert.equal((await context.request.get(url.origin + path)).status(), 401, path);
  }
}

export async function outAndIn({ page, watch }) {
  await page.getByRole("button", { name: /^Account and settings of/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await fill(page, ACCOUNT, "not the password at all");
  const alert = page.getByRole("alert");
  await alert.waitFor();
  assert.match(await alert.innerText(), /password/i);
  await fill(page, ACCOUNT, PASSWORD);
  await page.getByRole("navigation", { name: "Pages" }).waitFor();
  await settled(page);
  // Nobody is signed in by the cookie of before.
  watch.expect(401, "/api/v1/session");
}

export async function fill(page, account, password) {
  await page.locator("input[name=account]").fill(account);
  await page.locator("input[name=password]").fill(password);
  await page.keyboard.press("Enter");
}

// Checking, saving, and trying a draft on what a replay has seen.
import assert from "node:assert/strict";
import { get, go, until } from "../steps.mjs";
import { choose } from "./road.mjs";

export async function saves(page) {
  await page.getByText("Sound", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Save the site file" }).click();
  await page.getByText("Saved.").waitFor();
}

/** The red-light rule with another grace, held against the observations of a replay. Nothing is saved. */
export async function tries(page, context, url, { site, job, grace_s }) {
  await go(page, "#/calibrate");
  await page.getByRole("button", { name: /^north/ }).click();
  await page.getByRole("heading", { name: "From scratch: north" }).waitFor();
  const step = (name) =>
    page.getByRole("navigation", { name: "Steps" }).getByRole("button", { name });
  await step("Signals and rules").click();
  const field = page.getByRole("textbox", { name: "Time into red that is tolerated" });
  await field.fill(`${grace_s}`);
  await field.press("Tab");
  await step("Check and save").click();
  await page.getByText("Sound", { exact: true }).waitFor();
  await choose(page, / On$/, /^the run of /);
  await page.getByRole("button", { name: "Try" }).click();
  await page.getByText("would disappear", { exact: true }).waitFor();
  const list = await get(context, url, "/api/v1/jobs");
  const newest = list.jobs.find((one) => one.kind === "whatif");
  assert.equal(newest.observations, job, JSON.stringify(newest));
  const done = await until("end of the trial", async () => {
    const now = await get(context, url, `/api/v1/jobs/${newest.id}`);
    return now.state === "done" && now;
  });
  // What is saved is as it was.
  const { toml } = await get(context, url, `/api/v1/sites/${site}/file`);
  assert(!toml.includes(`grace_s = ${grace_s}`), toml);
  return done;
}

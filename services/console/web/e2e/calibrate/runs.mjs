// A recording through the saved site file, what it finds, and a draft held against it.
import assert from "node:assert/strict";
import { get, go, until } from "../steps.mjs";
import { choose } from "./road.mjs";

export async function bring(page, clip) {
  await go(page, "#/replay");
  await page.locator("input[type=file]").first().setInputFiles(clip);
  await page
    .getByRole("button", { name: /^Delete / })
    .first()
    .waitFor();
}

/** The job as the API tells it, once it is over. */
export async function replay(page, context, url, site) {
  const form = page.getByRole("region", { name: "Run a recording" });
  await choose(page, /Site file$/, site, form);
  await form.getByRole("button", { name: "Run", exact: true }).click();
  await until("job in the address", () => page.url().includes("job="));
  const id = new URLSearchParams(page.url().split("?")[1]).get("job");
  const job = await until("end of the replay", async () => {
    const now = await get(context, url, `/api/v1/jobs/${id}`);
    assert.notEqual(now.state, "failed", JSON.stringify(now.problem));
    return now.state === "done" && now;
  });
  await page.getByRole("tab", { name: /^Violations \(\d+\)/ }).waitFor();
  return job;
}

/** An event of the run is seen happening: its tracks on the plan, 8 s before and after. */
export async function seeIt(page) {
  await page.getByRole("list", { name: "Violations" }).getByRole("button").first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Play" }).waitFor();
  await dialog.getByLabel("Moment").waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
}

// The road, drawn in the picture: conflict area, lanes, stop line; and what the stop line belongs to.
import { until } from "../steps.mjs";
import { clickPicture, seen } from "./stage.mjs";

export async function draw(page, tool, ground, map, size) {
  await page
    .getByRole("toolbar")
    .getByRole("button", { name: new RegExp(`^${tool}`) })
    .click();
  for (const at of ground) await clickPicture(page, seen(map, at), size);
}

export async function finish(page) {
  await page.getByRole("button", { name: "Finish", exact: true }).click();
}

/** The name of what was drawn last. */
export async function called(page, id) {
  const field = page.getByLabel("Name", { exact: true });
  await field.fill(id);
  await until(id, async () => (await page.getByRole("button", { name: id }).count()) > 0);
}

/** Chooses from a list. */
export async function choose(page, label, option, within = page) {
  await within.getByRole("button", { name: label }).click();
  await page.getByRole("option", { name: option, exact: true }).click();
}

// Ground points: clicked in the picture, their metres typed, and what they miss each other by.
import assert from "node:assert/strict";
import { until } from "../steps.mjs";
import { clickPicture } from "./stage.mjs";

const residuals = /([\d.]+) cm off on average, ([\d.]+) cm at most/;

export async function pin(page, points, size) {
  for (const [index, { image_px, ground_m }] of points.entries()) {
    const n = index + 1;
    await clickPicture(page, image_px, size);
    await page.getByLabel(`Metres east of point ${n}`, { exact: true }).fill(`${ground_m[0]}`);
    await page.getByLabel(`Metres north of point ${n}`, { exact: true }).fill(`${ground_m[1]}`);
    if (n < 4) assert.equal(await page.getByText(residuals).count(), 0, `residuals of ${n} points`);
  }
  const note = page.getByText(residuals).first();
  await note.waitFor();
  const [, mean, most] = residuals.exec(await note.textContent()).map(Number);
  assert(most > 0 && most < 25, `${most} cm at most`);
  // One of them for each point.
  const each = page.locator("table tbody tr").filter({ hasText: /[\d.]+ cm/ });
  await until("residual of each point", async () => (await each.count()) === points.length);
  return { mean, most };
}

/** A point that is off is seen at once, named, and put right again. */
export async function seesAMistake(page, n, ground_m) {
  const field = page.getByLabel(`Metres east of point ${n}`, { exact: true });
  await field.fill(`${ground_m[0] + 3}`);
  await page.getByText(new RegExp(`Point ${n} is off`)).waitFor();
  await field.fill(`${ground_m[0]}`);
  await page.getByText(new RegExp(`Point ${n} is off`)).waitFor({ state: "detached" });
}

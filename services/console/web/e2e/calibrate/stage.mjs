// Clicks into the picture and into the plan of the calibration, where a hand would click.
import assert from "node:assert/strict";
import { until } from "../steps.mjs";

export const picture = (page) => page.getByRole("application", { name: /^Picture of camera/ });

/** Clicks at a place of the picture, pixels of the camera. */
export async function clickPicture(page, [x, y], size) {
  const box = await until("picture", () => picture(page).locator("image").boundingBox());
  const at = [box.x + (x / size.width_px) * box.width, box.y + (y / size.height_px) * box.height];
  assert(at[0] > 0 && at[1] > 0, `outside of the window: ${at}`);
  await page.mouse.move(...at);
  await page.mouse.down();
  await page.mouse.up();
}

/** Where a place on the ground is seen; `map` is the homography, row by row. */
export function seen(map, [x, y]) {
  const [u, v, w] = [0, 3, 6].map((row) => map[row] * x + map[row + 1] * y + map[row + 2]);
  return [u / w, v / w];
}

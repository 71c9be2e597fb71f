// An event of the list is opened, and seen happening on the plan.
import assert from "node:assert/strict";
import { get, go, settled, until } from "../steps.mjs";

/** A scene ends 8 s after its event. */
const SCENE_MS = 9000;

export async function seeItHappen({ page, context }, url) {
  await go(page, "#/junction/junction");
  // One that is old enough for all of its scene to be there.
  const event = await until("event that is old enough", async () => {
    const { now, events } = await get(context, url, "/api/v1/sites/junction/state");
    const old = ({ time }) => Date.parse(now) - Date.parse(time) > SCENE_MS;
    return events.find((one) => one.kind !== "notice" && old(one));
  });
  await page.locator(`main ol a[href*='${event.id}']`).first().click();
  await page.getByRole("heading", { name: "See it happen" }).waitFor();
  await settled(page);
  const scrubber = page.getByRole("slider", { name: "Time in the scene" });
  const at = async () => Number(await scrubber.inputValue());
  const from = await at();
  const play = page.getByRole("button", { name: "Play" });
  // It plays by itself, and on a slow machine it may be over by now: then it begins again. What stands changes nothing.
  await until("scene to run", async () => {
    const now = await at();
    if (now === from && (await play.count())) await play.click({ timeout: 5000 });
    return now !== from;
  });
  await page.keyboard.press("Home");
  const scene = await get(context, url, `/api/v1/events/${event.id}/scene`);
  assert(scene.frames.length > 10, `${scene.frames.length} frames`);
  return event;
}

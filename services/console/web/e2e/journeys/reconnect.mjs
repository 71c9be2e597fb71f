// The line breaks while events arrive. The page says that it is not live; once the line is back, nothing
// is missing.
import assert from "node:assert/strict";
import { events, go, shownIds, until } from "../steps.mjs";

/** How many events are compared: the newest. */
const COMPARED = 40;

export async function cutAndMend({ page, context, watch }, line, direct) {
  await go(page, "#/junction/junction");
  const connection = page.getByRole("status", { name: "Connection" });
  await connection.getByText("Live").waitFor();
  await page.evaluate(() => {
    window.sameDocument = true;
  });
  watch.away = true;
  await line.cut();
  await connection.getByText(/^Reconnecting since/).waitFor();
  await page.getByText(/^The connection is lost since/).waitFor();
  // The clock stands and says so.
  await page.locator("header").getByText("stopped").waitFor();
  const clock = () => page.locator("header time").getAttribute("datetime");
  const stood = await clock();
  const seen = new Set(await shownIds(page));
  const missed = await until("event while the line is cut", async () => {
    const [newest] = await events(context, direct, "junction", COMPARED);
    return !newest || seen.has(newest.id) ? null : newest.id;
  });
  assert.equal(await clock(), stood, "the clock went on without the server");
  assert(!(await shownIds(page)).includes(missed), "the line is cut");
  await line.mend();
  await connection.getByText("Live").waitFor();
  watch.away = false;
  await until("same events here and there", async () => {
    const there = await events(context, direct, "junction", COMPARED);
    const here = (await shownIds(page)).slice(0, there.length);
    // Newest first; of events of one instant either may stand above the other.
    const time = new Map(there.map((event) => [event.id, event.time]));
    const times = here.map((id) => time.get(id));
    return (
      new Set(here).size === there.length &&
      times.every((at, place) => at && (place === 0 || at <= times[place - 1]))
    );
  });
  assert((await shownIds(page)).includes(missed));
  assert(await page.evaluate(() => window.sameDocument === true), "the page was loaded anew");
  assert.equal(await page.getByText(/updates? (was|were) missed/).count(), 0);
}

// The review desk by keyboard alone: no step of this file touches the mouse.
import assert from "node:assert/strict";
import { get, until } from "../steps.mjs";

/** What the reviewer reads. The example has no plates, so that the desk asks for one. */
export const PLATE = "WAY51DE";
/** The reason at this number of the list. */
const REASON = { key: "7", name: "evidence_unclear" };

/** Goes to the desk from wherever one is. */
export async function openDesk(page) {
  await page.keyboard.press("Escape");
  await page.keyboard.press("g");
  await page.keyboard.press("r");
  await page.getByRole("button", { name: /^Take the next case/ }).waitFor();
}

/** Waits until so many cases wait. */
export function waiting(context, url, count) {
  return until(`${count} cases`, async () => {
    const queue = await get(context, url, "/api/review/v1/queue");
    return queue.first + queue.second >= count;
  });
}

/** The case on the desk, as the server gave it. Listen before it is asked for. */
export function nextClaim(page) {
  const claimed = (answer) => answer.url().endsWith("/v1/claims") && answer.status() === 200;
  return page.waitForResponse(claimed).then((answer) => answer.json());
}

/** Stills, clip, signal, quantities: all that a decision needs is there. */
export async function caseIsShown(page) {
  await until("three stills", () =>
    page.evaluate(() => {
      const stills = [...document.querySelectorAll("section[aria-label='Stills'] img")];
      return stills.length === 3 && stills.every((still) => still.naturalWidth > 0);
    }),
  );
  await until("clip", () =>
    page.evaluate(() => (document.querySelector("video")?.readyState ?? 0) >= 2),
  );
  await page.getByText("Seal holds").waitFor();
}

/** One frame on shows another frame, and another picture. */
export async function stepsThroughTheClip(page) {
  const frame = () => page.getByText(/^Frame \d+ of \d+$/).innerText();
  const time = () => page.evaluate(() => document.querySelector("video").currentTime);
  await until("frame", async () => /^Frame [1-9]/.test(await frame()));
  const [first, from] = [await frame(), await time()];
  await page.keyboard.press(".");
  await until("next frame", async () => (await frame()) !== first && (await time()) > from);
  await page.keyboard.press(",");
  await until("frame of before", async () => (await frame()) === first);
}

/** Of a red-light case: the lamp, and values with their bounds. */
export async function signalAndQuantities(page) {
  const slider = page.getByRole("slider", { name: "Frame of the clip" });
  assert.match(await slider.getAttribute("aria-valuetext"), /red/);
  const measured = page.locator("section", { hasText: "Measured" }).last();
  assert.match(await measured.innerText(), /time into red/i);
  assert.match(await measured.innerText(), /\d+(\.\d+)?\s*s/);
}

/** Approves with A, the plate and Enter; the server has taken it when this returns. */
export async function approve(page) {
  const plate = page.getByLabel("Plate", { exact: true });
  const decided = page.waitForResponse((answer) => answer.url().endsWith("/decision"));
  await page.keyboard.press("a");
  await until("cursor in the field of the plate", () =>
    plate.evaluate((field) => field === document.activeElement),
  );
  await page.keyboard.type(PLATE);
  await page.keyboard.press("Enter");
  const chosen = Date.now();
  const answer = await decided;
  assert.equal(answer.status(), 200, await answer.text());
  return { chosen, taken: Date.now(), ...(await answer.json()) };
}

/** Rejects with R and the number of a reason. */
export async function reject(page) {
  const decided = page.waitForResponse((answer) => answer.url().endsWith("/decision"));
  await page.keyboard.press("r");
  await page.getByRole("heading", { name: "Why is it rejected?" }).waitFor();
  // A rejection erases the evidence: it can be taken back by a key for some seconds. Both are looked for from before.
  const undoable = Promise.all([
    page.getByText(/^final in \d s$/).waitFor(),
    page.getByRole("button", { name: /^Undo/ }).waitFor(),
  ]);
  await page.keyboard.press(REASON.key);
  const chosen = Date.now();
  await undoable;
  const answer = await decided;
  assert.equal(answer.status(), 200, await answer.text());
  const { decision, reason } = answer.request().postDataJSON();
  assert.deepEqual([decision, reason], ["reject", REASON.name]);
  return { chosen, taken: Date.now() };
}

/** Waits until the desk says of a case what became of it. */
export function becomes(context, url, id, state) {
  return until(`case ${id} ${state}`, async () => {
    const detail = await get(context, url, `/api/review/v1/cases/${id}`, "reviewer");
    return detail.state === state;
  });
}

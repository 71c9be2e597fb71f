// From a clip of a camera to its violations: the example is calibrated from scratch, saved, replayed and judged
// again, all from the pages.
//   WAYSIDE_URL WAYSIDE_LINK WAYSIDE_CLIP WAYSIDE_SIGNAL_LOG WAYSIDE_E2E_OUT [WAYSIDE_E2E_SHOTS]
//   node e2e/calibrate.mjs
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { open, person } from "./browser.mjs";
import { newSite, signIn } from "./calibrate/begin.mjs";
import { area, lanes, points, stopLine } from "./calibrate/example.mjs";
import { pin, seesAMistake } from "./calibrate/points.mjs";
import { called, choose, draw, finish } from "./calibrate/road.mjs";
import { bring, replay, seeIt } from "./calibrate/runs.mjs";
import { saves, tries } from "./calibrate/save.mjs";
import { folder, told } from "./environment.mjs";
import { look } from "./journeys/looks.mjs";
import { ask, until } from "./steps.mjs";
import { Story } from "./story.mjs";

const url = told("WAYSIDE_URL");
const clip = told("WAYSIDE_CLIP");
const size = { width_px: 640, height_px: 360 };
const site = "from-scratch";
const browser = await open();
const story = new Story(browser, folder());
const wrong = [];

await story.tell(async () => {
  const engineer = story.met(await person(browser, "engineer"));
  const { page, context } = engineer;
  const step = (name) =>
    page.getByRole("navigation", { name: "Steps" }).getByRole("button", { name });

  await story.step("the one-time link makes the first account", () =>
    signIn(engineer, told("WAYSIDE_LINK")),
  );
  await story.step("a clip of the camera becomes the picture to calibrate on", () =>
    newSite(page, { name: "From scratch", id: site, clip }),
  );
  const off = await story.step("ground points are clicked", async () => {
    const off = await pin(page, points, size);
    await seesAMistake(page, 5, points[4].ground_m);
    wrong.push(...(await look(page, "calibrate-ground")));
    return off;
  });
  story.say(`${points.length} points: ${off.mean} cm off on average, ${off.most} cm at most`);

  const solved = await ask(context, url, "/api/v1/calibrate/solve", {
    method: "POST",
    body: { ...size, points },
  });
  assert.equal(solved.status, 200, JSON.stringify(solved.body));
  const map = solved.body.ground_to_image;

  await story.step("a signal log is brought", async () => {
    await step("Signals and rules").click();
    await page.locator("input[type=file]").setInputFiles(told("WAYSIDE_SIGNAL_LOG"));
    await page.getByText(/changes of \d+ signal groups over/).waitFor();
    await page.getByLabel("Name of signal group N", { exact: true }).waitFor();
  });
  await story.step("the road is drawn in the picture", async () => {
    await step("Draw the road").click();
    await draw(page, "Conflict area", area, map, size);
    await finish(page);
    await called(page, "middle");
    for (const lane of lanes) {
      await draw(page, "Lane", lane.line_m, map, size);
      await finish(page);
      await called(page, lane.id);
    }
    await draw(page, "Stop line", stopLine.line_m, map, size);
    await called(page, stopLine.id);
    for (const { id } of lanes) {
      const tick = page.getByRole("checkbox", { name: id });
      await until(`lane ${id} at the line`, () => tick.isChecked());
    }
    await choose(page, /Signal$/, "N");
    await until("conflict area behind the line", () =>
      page.getByRole("button", { name: /^middle Conflict area behind it/ }).isVisible(),
    );
    wrong.push(...(await look(page, "calibrate-draw")));
  });
  await story.step("rules are switched on", async () => {
    await step("Signals and rules").click();
    await page.getByRole("switch", { name: /red_light/ }).check({ force: true });
    wrong.push(...(await look(page, "calibrate-rules")));
  });
  await story.step("the site file is checked and saved", async () => {
    await step("Check and save").click();
    wrong.push(...(await look(page, "calibrate-check")));
    await saves(page);
    wrong.push(...(await look(page, "calibrate-saved")));
  });
  const job = await story.step("the recording is replayed with it", async () => {
    await bring(page, clip);
    return replay(page, context, url, "From scratch");
  });
  await story.step("an event of it is seen happening", async () => {
    wrong.push(...(await look(page, "replay-done")));
    await seeIt(page);
  });
  const whatif = await story.step("a changed threshold shows what would disappear", async () => {
    const tried = await tries(page, context, url, { site, job: job.id, grace_s: 2.5 });
    wrong.push(...(await look(page, "calibrate-try")));
    return tried;
  });
  assert.deepEqual(wrong, []);
  story.nothingWentWrong();
  const facts = { site, off, violations: job.result.violations, whatif: whatif.result };
  writeFileSync(`${folder()}/facts.json`, JSON.stringify(facts));
});
